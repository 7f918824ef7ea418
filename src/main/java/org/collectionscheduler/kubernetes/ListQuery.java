package org.collectionscheduler.kubernetes;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Which list is read.
 *
 * @param namespace whose objects; null for those of all namespaces
 * @param resourceVersion at which state, and no other; null for the newest. Servers refuse (410) one that is too old
 */
record ListQuery(
        ResourceKind kind,
        ListForm form,
        @Nullable String namespace,
        @Nullable String resourceVersion) {

    static ListQuery of(ResourceKind kind, ListForm form) {
        return new ListQuery(kind, form, null, null);
    }

    ListQuery in(String oneNamespace) {
        return new ListQuery(kind, form, oneNamespace, resourceVersion);
    }

    ListQuery at(String oneResourceVersion) {
        return new ListQuery(kind, form, namespace, oneResourceVersion);
    }

    /**
     * @param limit how many objects at most
     * @param continueToken of the page before; null for the first page
     */
    ApiRequest page(int limit, @Nullable String continueToken) {
        return new ApiRequest(
                path() + "?limit=" + limit + form.parameters() + state(continueToken),
                form.accept(),
                "list " + kind.resource(),
                kind.permission(),
                kind.absence());
    }

    private String path() {
        return namespace == null
                ? kind.root() + kind.resource()
                : kind.root() + "namespaces/" + encoded(namespace) + "/" + kind.resource();
    }

    /** The token holds the state already; servers refuse both together. */
    private String state(@Nullable String continueToken) {
        if (continueToken != null) {
            return "&continue=" + encoded(continueToken);
        }
        return resourceVersion == null
                ? ""
                : "&resourceVersion=" + encoded(resourceVersion) + "&resourceVersionMatch=Exact";
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
