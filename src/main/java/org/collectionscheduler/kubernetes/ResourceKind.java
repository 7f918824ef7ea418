package org.collectionscheduler.kubernetes;

/** The kinds of objects that are listed. */
enum ResourceKind {
    NAMESPACES("", "namespaces", "Namespace", false),
    NODES("", "nodes", "Node", false),
    PODS("", "pods", "Pod", true),
    DEPLOYMENTS("apps", "deployments", "Deployment", true),
    STATEFUL_SETS("apps", "statefulsets", "StatefulSet", true),
    REPLICA_SETS("apps", "replicasets", "ReplicaSet", true),
    DAEMON_SETS("apps", "daemonsets", "DaemonSet", true),
    SERVICES("", "services", "Service", false);

    private final String group;
    private final String resource;
    private final String kind;
    private final boolean metadataOnly;

    ResourceKind(String group, String resource, String kind, boolean metadataOnly) {
        this.group = group;
        this.resource = resource;
        this.kind = kind;
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

    /** Whether a list says of itself that it is one of this kind; also when it holds metadata only. */
    boolean listedBy(String listKind) {
        return listKind.equals(kind + "List") || (metadataOnly && listKind.equals("PartialObjectMetadataList"));
    }

    String permission() {
        return "verb \"list\" on resource \"" + resource + "\" of API group \"" + group + "\"";
    }
}
