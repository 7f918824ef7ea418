package org.collectionscheduler.kubernetes;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

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

    static final String JSON = "application/json";

    static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    /** One object, or a document outside of the resources. */
    static ApiRequest get(String path, String action, String permission) {
        return new ApiRequest(
                path,
                JSON,
                action,
                permission,
                "the API server has nothing to answer a request to " + action + " (status 404)");
    }

    /**
     * Whether an answer may be of that type.
     *
     * @param contentType in any case, perhaps with parameters; null for an answer that does not say
     */
    boolean accepts(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
        return type.equals(JSON) || (type.equals(PROTOBUF) && accept.contains(PROTOBUF));
    }
}
