package org.collectionscheduler.kubernetes;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a fake cluster holds: only numbers, from which each object is made when it is read, and the truth about them.
 * Every name, label and annotation holds {@link #MARK}, so that a test can look for names where none may be.
 *
 * @param namespaces how many, {@code kube-system} included
 * @param counts of the other resources by their plural
 * @param seed decides which pod is in which namespace
 * @param padding bytes of managed fields in each object
 * @param fleet its nodes one by one; null for nodes of EKS that are made by number
 */
public record FakeCluster(
        int namespaces,
        Map<String, Integer> counts,
        long seed,
        int padding,
        @Nullable FakeFleet fleet) {

    public static final String MARK = "zqsecret";

    /** The UID of {@code kube-system}. */
    public static final String UID = "6f2d2f0c-1c1e-4a6b-9a53-0f8c6d3a1b77";

    static final String GIT_VERSION = "v1.30.1-eks-036c24b";

    private static final String[] SERVICE_TYPES = {"ClusterIP", "NodePort", "LoadBalancer", "ClusterIP", "ExternalName"
    };

    public FakeCluster {
        counts = Map.copyOf(counts);
        if (namespaces < 1) {
            throw new IllegalArgumentException("namespaces is " + namespaces + "; kube-system always exists");
        }
    }

    /** Pods, nodes, and a few of every other kind. */
    public static FakeCluster of(int namespaces, int pods, int nodes) {
        Map<String, Integer> counts = new HashMap<>();
        counts.put("pods", pods);
        counts.put("nodes", nodes);
        counts.put("deployments", 7);
        counts.put("statefulsets", 3);
        counts.put("replicasets", 12);
        counts.put("daemonsets", 2);
        counts.put("services", 23);
        return new FakeCluster(namespaces, counts, 42, 300, null);
    }

    public FakeCluster with(String resource, int count) {
        Map<String, Integer> changed = new HashMap<>(counts);
        changed.put(resource, count);
        return new FakeCluster(namespaces, changed, seed, padding, fleet);
    }

    public FakeCluster withPadding(int bytes) {
        return new FakeCluster(namespaces, counts, seed, bytes, fleet);
    }

    /** With nodes of several vendors and distributions, and the version of the API server that belongs to them. */
    public FakeCluster withFleet(FakeFleet nodes) {
        return new FakeCluster(namespaces, counts, seed, padding, nodes)
                .with("nodes", nodes.nodes().size());
    }

    String gitVersion() {
        return fleet == null ? GIT_VERSION : fleet.serverVersion();
    }

    /** @return -1 when there is no such kind */
    public int count(String resource) {
        return resource.equals("namespaces") ? namespaces : counts.getOrDefault(resource, -1);
    }

    public Map<String, Long> podsByNamespace() {
        Map<String, Long> truth = new TreeMap<>();
        for (int i = 0; i < count("pods"); i++) {
            truth.merge(namespaceName(namespaceOf(i)), 1L, Long::sum);
        }
        return truth;
    }

    public Map<String, Long> servicesByType() {
        Map<String, Long> truth = new TreeMap<>();
        for (int i = 0; i < count("services"); i++) {
            truth.merge(SERVICE_TYPES[i % SERVICE_TYPES.length], 1L, Long::sum);
        }
        return truth;
    }

    public long headlessServices() {
        return (count("services") + 1) / SERVICE_TYPES.length;
    }

    public long terminatingNamespaces() {
        return namespaces / 5;
    }

    public long readyNodes() {
        int nodes = count("nodes");
        return nodes - (nodes + 6) / 7;
    }

    public String namespaceName(int index) {
        return index == 0 ? "kube-system" : MARK + "-ns-" + index;
    }

    /** One object as JSON. */
    String object(String resource, int index, boolean metadataOnly) {
        String metadata = metadata(resource, index);
        if (metadataOnly) {
            return "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\"," + metadata + "}";
        }
        return "{" + metadata + "," + rest(resource, index) + "}";
    }

    private String metadata(String resource, int index) {
        String labels = "\"app\":\"" + MARK + "-app\"" + (resource.equals("nodes") ? labels(index) : "");
        String annotations = resource.equals("nodes") && fleet != null
                ? FakeNode.json(fleet.nodes().get(index).annotations())
                : "";
        boolean namespaced = !resource.equals("nodes") && !resource.equals("namespaces");
        String namespace = namespaced ? "\"namespace\":\"" + namespaceName(namespaceOf(index)) + "\"," : "";
        return """
                "metadata":{"name":"%s","generateName":"%s-",%s"uid":"%s","resourceVersion":"%d",\
                "labels":{%s},"annotations":{"%s/note":"%s \\u00fc \\"quoted\\""%s},\
                "managedFields":[{"manager":"%s","operation":"Update","fieldsV1":{"f:metadata":{"f:x":"%s"}}}]}""".formatted(
                        name(resource, index),
                        MARK,
                        namespace,
                        resource.equals("namespaces") && index == 0 ? UID : MARK + "-uid-" + index,
                        100 + index,
                        labels,
                        MARK,
                        MARK,
                        annotations,
                        MARK,
                        "m".repeat(padding));
    }

    private String name(String resource, int index) {
        return resource.equals("namespaces") ? namespaceName(index) : MARK + "-" + resource + "-" + index;
    }

    private String labels(int index) {
        return fleet == null
                ? nodeLabels(index)
                : FakeNode.json(fleet.nodes().get(index).labels());
    }

    private static String nodeLabels(int index) {
        String role = index == 0 ? "control-plane" : index % 5 == 0 ? MARK + "-team" : index % 2 == 0 ? "worker" : "";
        return ",\"topology.kubernetes.io/region\":\"eu-central-1\",\"topology.kubernetes.io/zone\":\"eu-central-1"
                + (index % 3 == 0 ? "b" : "a") + "\""
                + (role.isEmpty() ? "" : ",\"node-role.kubernetes.io/" + role + "\":\"\"");
    }

    private String rest(String resource, int index) {
        return switch (resource) {
            case "namespaces" -> "\"status\":{\"phase\":\"" + (index % 5 == 4 ? "Terminating" : "Active") + "\"}";
            case "nodes" ->
                fleet == null ? node(index) : fleet.nodes().get(index).json();
            case "services" -> service(index);
            default -> "\"spec\":{\"nodeName\":\"" + MARK + "-node\"},\"status\":{\"phase\":\"Running\"}";
        };
    }

    private static String node(int index) {
        return """
                "spec":{"providerID":"aws:///eu-central-1a/i-%1$s","unschedulable":%2$s},"status":{"addresses":\
                [{"type":"Hostname","address":"%1$s"}],"conditions":[{"type":"MemoryPressure","status":"False"},\
                {"type":"Ready","status":"%3$s"}],"nodeInfo":{"machineID":"%1$s","architecture":"%4$s",\
                "operatingSystem":"linux","kubeletVersion":"%5$s","containerRuntimeVersion":"containerd://1.7"}}""".formatted(
                        MARK,
                        index % 6 == 0,
                        index % 7 == 0 ? "False" : "True",
                        index % 3 == 0 ? "arm64" : "amd64",
                        index % 4 == 0 ? "v1.29.4-eks-036c24b" : GIT_VERSION);
    }

    private static String service(int index) {
        int variant = index % SERVICE_TYPES.length;
        String address = switch (variant) {
            case 3 -> "\"clusterIP\":\"None\",";
            case 4 -> "";
            default -> "\"clusterIP\":\"10.0.0.9\",";
        };
        return "\"spec\":{" + address + "\"type\":\"" + SERVICE_TYPES[variant] + "\"},\"status\":{\"loadBalancer\":{}}";
    }

    private int namespaceOf(int index) {
        long mixed = (index + seed) * 0x9E3779B97F4A7C15L;
        return (int) Long.remainderUnsigned(mixed ^ (mixed >>> 31), namespaces);
    }
}
