package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * Which objects a path names.
 *
 * @param namespace null for a list of all, and for what is in no namespace
 * @param name null for a list
 */
record FakeRoute(
        FakeKind kind, @Nullable String namespace, @Nullable String name) {

    private static final String IN_NAMESPACE = "/namespaces/";

    /** @return null when it names none, or none of a kind that is served */
    static @Nullable FakeRoute of(String path, FakeCluster cluster) {
        for (FakeKind kind : FakeKind.values()) {
            if (cluster.count(kind) >= 0 && path.startsWith(kind.root() + "/")) {
                FakeRoute route = below(kind, path.substring(kind.root().length()));
                if (route != null) {
                    return route;
                }
            }
        }
        return null;
    }

    private static @Nullable FakeRoute below(FakeKind kind, String path) {
        String list = "/" + kind.plural();
        if (path.equals(list)) {
            return new FakeRoute(kind, null, null);
        }
        if (!kind.namespaced()) {
            String name = path.startsWith(list + "/") ? path.substring(list.length() + 1) : "";
            return segment(name) ? new FakeRoute(kind, null, name) : null;
        }
        if (!path.startsWith(IN_NAMESPACE)) {
            return null;
        }
        String[] parts = path.substring(IN_NAMESPACE.length()).split("/", -1);
        if (parts.length < 2 || parts.length > 3 || !parts[1].equals(kind.plural()) || !segment(parts[0])) {
            return null;
        }
        return new FakeRoute(kind, parts[0], parts.length == 3 ? parts[2] : null);
    }

    private static boolean segment(String text) {
        return !text.isEmpty() && text.indexOf('/') < 0;
    }
}
