package org.collectionscheduler.kubernetes;

/**
 * One read of the API.
 *
 * @param path with its query, from the server's root and without a leading slash
 * @param accept the media types wanted, best first
 * @param action what is done, for messages: {@code list pods}
 * @param permission what a ClusterRole must allow for it
 * @param absence what status 404 means, for messages
 */
record ApiRequest(String path, String accept, String action, String permission, String absence) {

    /** One object, or a document outside of the resources. */
    static ApiRequest get(String path, String action, String permission) {
        return new ApiRequest(
                path,
                "application/json",
                action,
                permission,
                "the API server has nothing to answer a request to " + action + " (status 404)");
    }
}
