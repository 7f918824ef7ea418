package org.collectionscheduler.kubernetes;

/** The kinds of objects that are listed, each in the version of its group that all supported clusters serve. */
enum ResourceKind {
    NAMESPACES("", "v1", "namespaces", "Namespace"),
    NODES("", "v1", "nodes", "Node"),
    PODS("", "v1", "pods", "Pod"),
    DEPLOYMENTS("apps", "v1", "deployments", "Deployment"),
    STATEFUL_SETS("apps", "v1", "statefulsets", "StatefulSet"),
    REPLICA_SETS("apps", "v1", "replicasets", "ReplicaSet"),
    DAEMON_SETS("apps", "v1", "daemonsets", "DaemonSet"),
    JOBS("batch", "v1", "jobs", "Job"),
    CRON_JOBS("batch", "v1", "cronjobs", "CronJob"),
    SERVICES("", "v1", "services", "Service"),
    INGRESSES("networking.k8s.io", "v1", "ingresses", "Ingress"),
    PERSISTENT_VOLUMES("", "v1", "persistentvolumes", "PersistentVolume"),
    PERSISTENT_VOLUME_CLAIMS("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim"),
    HORIZONTAL_POD_AUTOSCALERS("autoscaling", "v1", "horizontalpodautoscalers", "HorizontalPodAutoscaler"),
    CUSTOM_RESOURCE_DEFINITIONS("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition");

    private final String group;
    private final String version;
    private final String resource;
    private final String kind;

    ResourceKind(String group, String version, String resource, String kind) {
        this.group = group;
        this.version = version;
        this.resource = resource;
        this.kind = kind;
    }

    /** Where the kind's group is served, from the server's root; ends with a slash. */
    String root() {
        return group.isEmpty() ? "api/" + version + "/" : "apis/" + group + "/" + version + "/";
    }

    /** The plural by which the API and its roles know the kind. */
    String resource() {
        return resource;
    }

    /** Whether a list says of itself that it holds whole objects of this kind. */
    boolean listedBy(String listKind) {
        return listKind.equals(kind + "List");
    }

    String permission() {
        return "verb \"list\" on resource \"" + resource + "\" of API group \"" + group + "\"";
    }

    /** What it means that the server does not know the path of the list. */
    String absence() {
        return "the cluster does not serve " + resource + " of API "
                + (group.isEmpty() ? version : group + "/" + version) + " (status 404)";
    }
}
