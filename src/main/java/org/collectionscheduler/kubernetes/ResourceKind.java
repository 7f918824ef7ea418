package org.collectionscheduler.kubernetes;

/** The kinds of objects that are listed. */
enum ResourceKind {
    NAMESPACES("", "namespaces", false),
    NODES("", "nodes", false),
    PODS("", "pods", true),
    DEPLOYMENTS("apps", "deployments", true),
    STATEFUL_SETS("apps", "statefulsets", true),
    REPLICA_SETS("apps", "replicasets", true),
    DAEMON_SETS("apps", "daemonsets", true),
    SERVICES("", "services", false);

    private final String group;
    private final String resource;
    private final boolean metadataOnly;

    ResourceKind(String group, String resource, boolean metadataOnly) {
        this.group = group;
        this.resource = resource;
        this.metadataOnly = metadataOnly;
    }

    String path() {
        return (group.isEmpty() ? "api/v1/" : "apis/" + group + "/v1/") + resource;
    }

    /** The plural by which the API and its roles know the kind. */
    String resource() {
        return resource;
    }

    /** False when something of the spec or the status is needed. */
    boolean metadataOnly() {
        return metadataOnly;
    }

    String permission() {
        return "verb \"list\" on resource \"" + resource + "\" of API group \"" + group + "\"";
    }
}
