package org.collectionscheduler.kubernetes;

/** In which form the objects of a list are asked for. A server that has no such form sends whole objects. */
enum ListForm {
    /** As they are stored. */
    WHOLE("", ""),
    /**
     * Names, labels and the like of each object, without its spec and status; in the binary form where there is one,
     * which is cheaper for both sides.
     */
    METADATA(
            ApiRequest.PROTOBUF + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1," + ApiRequest.JSON
                    + ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,",
            ""),
    /** What {@code kubectl get} prints of each object: by far the fewest bytes. */
    TABLE(ApiRequest.JSON + ";as=Table;g=meta.k8s.io;v=v1,", "&includeObject=None");

    private final String accept;
    private final String parameters;

    ListForm(String accept, String parameters) {
        this.accept = accept;
        this.parameters = parameters;
    }

    /** The media types wanted, best first. */
    String accept() {
        return accept + ApiRequest.JSON;
    }

    /** What is added to the query of each page. */
    String parameters() {
        return parameters;
    }
}
