package org.collectionscheduler.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of objects that are served, as the API server knows them. What their objects hold is in the file of their
 * plural in {@code src/test/resources/kubernetes}.
 */
enum FakeKind {
    NAMESPACES("", "namespaces", "Namespace", Scope.CLUSTER, "ns", "<rank>-<pickdev,prod,staging-eu,ci:env>", """
            Status|string||0|<fact:phase>
            Age|string||0|<num1-400:age>d"""),
    NODES("", "nodes", "Node", Scope.CLUSTER, "no", "node-<rank>", """
            Status|string||0|<fact:nodeStatusCell>
            Roles|string||0|<fact:roleCell>
            Age|string||0|<num1-400:age>d
            Version|string||0|<fact:kubelet>
            Internal-IP|string||1|<ip:node>
            External-IP|string||1|<none>
            OS-Image|string||1|Ubuntu 22.04.4 LTS
            Kernel-Version|string||1|6.1.90-99.173.x86_64
            Container-Runtime|string||1|containerd://1.7.11"""),
    PODS("", "pods", "Pod", Scope.NAMESPACED, "po", "<rank>-<hash10:t>-<hash5:n>", """
            Ready|string||0|2/2
            Status|string||0|Running
            Restarts|string||0|<num0-3:restarts>
            Age|string||0|<num1-400:age>d
            IP|string||1|<ip:pod>
            Node|string||1|<node>
            Nominated Node|string||1|<none>
            Readiness Gates|string||1|<none>"""),
    SERVICES("", "services", "Service", Scope.NAMESPACED, "svc", "<rank>-<picksvc,api,http,grpc:n>", """
            Type|string||0|<fact:serviceType>
            Cluster-IP|string||0|<fact:clusterIpCell>
            External-IP|string||0|<none>
            Port(s)|string||0|80/TCP,9090/TCP
            Age|string||0|<num1-400:age>d
            Selector|string||1|app.kubernetes.io/name=zqsecret-<rank>"""),
    PERSISTENT_VOLUMES("", "persistentvolumes", "PersistentVolume", Scope.CLUSTER, "pv", "<rank>-pvc-<uuid:n>", """
            Capacity|string||0|<num1-90:gi>0Gi
            Access Modes|string||0|RWO
            Reclaim Policy|string||0|Delete
            Status|string||0|Bound
            Claim|string||0|zqsecret-<alnum6:cns>/zqsecret-<alnum8:claim>
            StorageClass|string||0|zqsecret-gp3
            Reason|string||0|
            Age|string||0|<num1-400:age>d
            VolumeMode|string||1|Filesystem"""),
    PERSISTENT_VOLUME_CLAIMS(
            "",
            "persistentvolumeclaims",
            "PersistentVolumeClaim",
            Scope.NAMESPACED,
            "pvc",
            "<rank>-data-<num0-4:n>",
            """
            Status|string||0|Bound
            Volume|string||0|zqsecret-pvc-<uuid:vol>
            Capacity|string||0|<num1-90:gi>0Gi
            Access Modes|string||0|RWO
            StorageClass|string||0|zqsecret-gp3
            Age|string||0|<num1-400:age>d
            VolumeMode|string||1|Filesystem"""),
    DEPLOYMENTS("apps", "deployments", "Deployment", Scope.NAMESPACED, "deploy", "<rank>-<pickapi,web,worker:n>", """
            Ready|string||0|<num1-5:replicas>/<num1-5:replicas>
            Up-to-date|integer||0|<num1-5:replicas>
            Available|integer||0|<num1-5:replicas>
            Age|string||0|<num1-400:age>d
            Containers|string||1|zqsecret-app
            Images|string||1|registry.zqsecret.example.com/zqsecret/zqsecret-app
            Selector|string||1|app.kubernetes.io/name=zqsecret-<rank>"""),
    STATEFUL_SETS("apps", "statefulsets", "StatefulSet", Scope.NAMESPACED, "sts", "<rank>-<pickdb,queue:n>", """
            Ready|string||0|<num1-5:replicas>/<num1-5:replicas>
            Age|string||0|<num1-400:age>d
            Containers|string||1|zqsecret-app
            Images|string||1|registry.zqsecret.example.com/zqsecret/zqsecret-app"""),
    REPLICA_SETS("apps", "replicasets", "ReplicaSet", Scope.NAMESPACED, "rs", "<rank>-<hash10:t>", """
            Desired|integer||0|<num1-5:replicas>
            Current|integer||0|<num1-5:replicas>
            Ready|integer||0|<num1-5:replicas>
            Age|string||0|<num1-400:age>d
            Containers|string||1|zqsecret-app
            Images|string||1|registry.zqsecret.example.com/zqsecret/zqsecret-app
            Selector|string||1|app.kubernetes.io/name=zqsecret-<rank>"""),
    DAEMON_SETS("apps", "daemonsets", "DaemonSet", Scope.NAMESPACED, "ds", "<rank>-<pickagent,csi,proxy:n>", """
            Desired|integer||0|<num1-5:replicas>
            Current|integer||0|<num1-5:replicas>
            Ready|integer||0|<num1-5:replicas>
            Up-to-date|integer||0|<num1-5:replicas>
            Available|integer||0|<num1-5:replicas>
            Node Selector|string||0|<none>
            Age|string||0|<num1-400:age>d"""),
    JOBS("batch", "jobs", "Job", Scope.NAMESPACED, null, "<rank>-<num28000000-29000000:n>", """
            Completions|string||0|1/1
            Duration|string||0|90s
            Age|string||0|<num1-400:age>d"""),
    CRON_JOBS("batch", "cronjobs", "CronJob", Scope.NAMESPACED, "cj", "<rank>-<pickbackup,report:n>", """
            Schedule|string||0|<num0-59:min> * * * *
            Suspend|boolean||0|false
            Active|integer||0|0
            Last Schedule|string||0|<num1-59:age>m
            Age|string||0|<num1-400:age>d"""),
    INGRESSES("networking.k8s.io", "ingresses", "Ingress", Scope.NAMESPACED, "ing", "<rank>-<pickweb,api:n>", """
            Class|string||0|zqsecret-nginx
            Hosts|string||0|zqsecret-<rank>.zqsecret.example.com
            Address|string||0|<ip:lb>
            Ports|string||0|80, 443
            Age|string||0|<num1-400:age>d"""),
    HORIZONTAL_POD_AUTOSCALERS(
            "autoscaling",
            "horizontalpodautoscalers",
            "HorizontalPodAutoscaler",
            Scope.NAMESPACED,
            "hpa",
            "<rank>-hpa",
            """
            Reference|string||0|Deployment/zqsecret-<rank>
            Targets|string||0|<num1-9:n>%/70%
            MinPods|string||0|2
            MaxPods|string||0|12
            Replicas|integer||0|<num1-5:replicas>
            Age|string||0|<num1-400:age>d"""),
    CUSTOM_RESOURCE_DEFINITIONS(
            "apiextensions.k8s.io",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            Scope.CLUSTER,
            "crd",
            "<rank>s.zqsecret.example.com",
            "Created At|date||0|<time:0>");

    /** Where the objects of a kind are. */
    enum Scope {
        CLUSTER,
        NAMESPACED
    }

    private final String group;
    private final String plural;
    private final String kind;
    private final Scope scope;
    private final @Nullable String shortName;
    private final FakeTemplate nameTemplate;
    private final List<FakeColumn> columns;

    /** @param columns those behind the name, see {@link FakeColumn#parse} */
    FakeKind(
            String group,
            String plural,
            String kind,
            Scope scope,
            @Nullable String shortName,
            String name,
            String columns) {
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.scope = scope;
        this.shortName = shortName;
        this.nameTemplate = FakeTemplate.parse(FakeCluster.MARK + "-" + name);
        this.columns = FakeColumn.parse("Name|string|name|0|<name>\n" + columns);
    }

    /** @return null when there is none */
    static @Nullable FakeKind ofPlural(String plural) {
        for (FakeKind kind : values()) {
            if (kind.plural.equals(plural)) {
                return kind;
            }
        }
        return null;
    }

    /** Empty for what has been there from the beginning. */
    String group() {
        return group;
    }

    String apiVersion() {
        return group.isEmpty() ? "v1" : group + "/v1";
    }

    /** The path below which it is served. */
    String root() {
        return group.isEmpty() ? "/api/v1" : "/apis/" + group + "/v1";
    }

    /** The path of the list of all that are in the cluster. */
    String path() {
        return root() + "/" + plural;
    }

    String plural() {
        return plural;
    }

    String kind() {
        return kind;
    }

    boolean namespaced() {
        return scope == Scope.NAMESPACED;
    }

    @Nullable String shortName() {
        return shortName;
    }

    FakeTemplate nameTemplate() {
        return nameTemplate;
    }

    /** How it is shown as a table. */
    List<FakeColumn> columns() {
        return columns;
    }
}
