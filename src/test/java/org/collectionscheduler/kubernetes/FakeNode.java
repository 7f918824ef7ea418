package org.collectionscheduler.kubernetes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as one vendor and one distribution make it, and the truth about it. Names hold {@link FakeCluster#MARK}.
 *
 * @param provider the truth
 * @param vendor the truth
 * @param distribution the truth
 */
public record FakeNode(
        String provider,
        @Nullable String vendor,
        String distribution,
        @Nullable String providerId,
        Map<String, String> labels,
        Map<String, String> annotations,
        @Nullable String version,
        @Nullable String runtime,
        String osImage) {

    static final String REGION = "topology.kubernetes.io/region";
    static final String ZONE = "topology.kubernetes.io/zone";
    static final String TYPE = "node.kubernetes.io/instance-type";

    private static final String NAME = FakeCluster.MARK + "-node";
    private static final String LINUX = "Ubuntu 22.04.4 LTS";

    public FakeNode {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    static FakeNode of(String provider, @Nullable String vendor, String distribution, @Nullable String providerId) {
        return new FakeNode(
                provider, vendor, distribution, providerId, Map.of(), Map.of(), "v1.30.2", "containerd://1.7.2", LINUX);
    }

    /** One without provider id, labels, version and runtime. */
    static FakeNode silent() {
        return of("unknown", null, "unknown", null).version(null).runtime(null);
    }

    static FakeNode eks() {
        return of("aws", "aws", "EKS", "aws:///eu-central-1a/i-" + NAME)
                .label("eks.amazonaws.com/nodegroup", NAME)
                .at("eu-central-1", "eu-central-1a", "m6i.large")
                .version("v1.29.4-eks-036c24b");
    }

    /** A machine of one's own in a cluster of EKS. */
    static FakeNode eksHybrid() {
        return of("on-premise", null, "EKS", "eks-hybrid:///eu-central-1/" + NAME + "/mi-1")
                .label("eks.amazonaws.com/compute-type", "hybrid")
                .version("v1.29.4-eks-036c24b");
    }

    static FakeNode gke() {
        return of("gcp", "gcp", "GKE", "gce://" + NAME + "/europe-west3-a/" + NAME)
                .label("cloud.google.com/gke-nodepool", NAME)
                .at("europe-west3", "europe-west3-a", "e2-medium")
                .version("v1.27.3-gke.100");
    }

    static FakeNode aks() {
        return of("azure", "azure", "AKS", "azure:///subscriptions/" + NAME + "/resourceGroups/" + NAME)
                .label("kubernetes.azure.com/agentpool", NAME)
                .at("westeurope", "westeurope-1", "Standard_D4s_v5");
    }

    static FakeNode openshiftOnVsphere() {
        return of("on-premise", "vsphere", "OpenShift", "vsphere://" + NAME)
                .label("node.openshift.io/os_id", "rhcos")
                .version("v1.26.5+03a907c")
                .runtime("cri-o://1.26.3-1.rhaos4.13.git");
    }

    static FakeNode k3s() {
        return of("other", null, "k3s", "k3s://" + NAME)
                .label(TYPE, "k3s")
                .version("v1.30.1+k3s1")
                .runtime("containerd://1.7.15-k3s1");
    }

    static FakeNode rke2OnHetzner() {
        return of("other", "hetzner", "RKE2", "hcloud://" + NAME)
                .at("fsn1", "fsn1-dc14", "cx31")
                .version("v1.28.9+rke2r1");
    }

    static FakeNode kubeadm() {
        return of("unknown", null, "kubeadm", null)
                .annotation(NodeFacts.KUBEADM_ANNOTATION, "unix:///" + NAME)
                .label("node-role.kubernetes.io/control-plane", "");
    }

    static FakeNode kind() {
        return of("other", null, "kind", "kind://docker/" + NAME + "/" + NAME)
                .annotation(NodeFacts.KUBEADM_ANNOTATION, "unix:///" + NAME)
                .version("v1.30.0-rc.1");
    }

    static FakeNode digitalocean() {
        return of("other", "digitalocean", "unknown", "digitalocean://123")
                .label("doks.digitalocean.com/node-pool", NAME)
                .at("fra1", "fra1", "s-2vcpu-4gb");
    }

    static List<FakeNode> all() {
        return List.of(
                silent(),
                eks(),
                eksHybrid(),
                gke(),
                aks(),
                openshiftOnVsphere(),
                k3s(),
                rke2OnHetzner(),
                kubeadm(),
                kind(),
                digitalocean());
    }

    FakeNode at(String region, String zone, String instanceType) {
        return label(REGION, region).label(ZONE, zone).label(TYPE, instanceType);
    }

    FakeNode label(String key, String value) {
        return new FakeNode(
                provider,
                vendor,
                distribution,
                providerId,
                with(labels, key, value),
                annotations,
                version,
                runtime,
                osImage);
    }

    FakeNode annotation(String key, String value) {
        return new FakeNode(
                provider,
                vendor,
                distribution,
                providerId,
                labels,
                with(annotations, key, value),
                version,
                runtime,
                osImage);
    }

    FakeNode version(@Nullable String changed) {
        return new FakeNode(provider, vendor, distribution, providerId, labels, annotations, changed, runtime, osImage);
    }

    FakeNode runtime(@Nullable String changed) {
        return new FakeNode(provider, vendor, distribution, providerId, labels, annotations, version, changed, osImage);
    }

    /** Further labels and annotations as JSON, each begun with a comma. */
    static String json(Map<String, String> texts) {
        StringBuilder json = new StringBuilder();
        texts.forEach((key, value) -> json.append(",\"" + key + "\":\"" + value + "\""));
        return json.toString();
    }

    /** Spec and status. */
    String json() {
        List<String> info = new ArrayList<>();
        info.add("\"machineID\":\"" + NAME + "\",\"osImage\":\"" + osImage + "\"");
        if (version != null) {
            info.add("\"kubeletVersion\":\"" + version + "\"");
        }
        if (runtime != null) {
            info.add("\"containerRuntimeVersion\":\"" + runtime + "\"");
        }
        String spec = providerId == null ? "" : "\"providerID\":\"" + providerId + "\"";
        return "\"spec\":{" + spec + "},\"status\":{\"addresses\":[{\"type\":\"Hostname\",\"address\":\"" + NAME
                + "\"}],\"nodeInfo\":{" + String.join(",", info) + "}}";
    }

    private static Map<String, String> with(Map<String, String> texts, String key, String value) {
        Map<String, String> changed = new HashMap<>(texts);
        changed.put(key, value);
        return changed;
    }
}
