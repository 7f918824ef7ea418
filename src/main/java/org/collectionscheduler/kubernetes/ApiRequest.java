package org.collectionscheduler.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One read of the API.
 *
 * @param path with its query, from the server's root and without a leading slash
 * @param accept the media types wanted, best first
 * @param action what is done, for messages: {@code list pods}
 * @param permission what a ClusterRole must allow for it
 */
record ApiRequest(String path, String accept, String action, String permission) {

    private static final String JSON = "application/json";

    /** Names, labels and the like of each object, without its spec and status: a fraction of the bytes. */
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1," + JSON;

    /** One object, or a document outside of the resources. */
    static ApiRequest get(String path, String action, String permission) {
        return new ApiRequest(path, JSON, action, permission);
    }

    /** @param continueToken of the page before; null for the first page */
    static ApiRequest page(ResourceKind kind, int limit, @Nullable String continueToken) {
        String token =
                continueToken == null ? "" : "&continue=" + URLEncoder.encode(continueToken, StandardCharsets.UTF_8);
        return new ApiRequest(
                kind.path() + "?limit=" + limit + token,
                kind.metadataOnly() ? METADATA_ONLY : JSON,
                "list " + kind.resource(),
                kind.permission());
    }
}
