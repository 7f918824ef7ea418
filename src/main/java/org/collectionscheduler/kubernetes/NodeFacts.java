package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** What is read of one node. Its name, its addresses and all other labels are passed over. */
final class NodeFacts {

    /** Left by kubeadm on nodes that it made or let join. */
    static final String KUBEADM_ANNOTATION = "kubeadm.alpha.kubernetes.io/cri-socket";

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    /** Roles that somebody made up may say what a company does; they are counted as {@link Counts#OTHER}. */
    private static final Set<String> KNOWN_ROLES =
            Set.of("control-plane", "master", "worker", "etcd", "agent", "node", "infra", "ingress", "gpu", "edge");

    private final Set<String> roles = new LinkedHashSet<>();
    private final Set<NodeLabel> labels = EnumSet.noneOf(NodeLabel.class);
    private @Nullable String region;
    private @Nullable String zone;
    private @Nullable String betaRegion;
    private @Nullable String betaZone;
    private @Nullable String instanceType;
    private @Nullable String betaInstanceType;
    private @Nullable String providerId;
    private @Nullable String architecture;
    private @Nullable String operatingSystem;
    private @Nullable String kubeletVersion;
    private @Nullable String containerRuntime;
    private @Nullable String osImage;
    private boolean joinedByKubeadm;
    private boolean ready;
    private boolean unschedulable;

    private NodeFacts() {}

    static NodeFacts read(JsonParser item) throws IOException {
        NodeFacts facts = new NodeFacts();
        Json.eachField(item, facts::field);
        return facts;
    }

    Set<String> roles() {
        return roles;
    }

    @Nullable String region() {
        return region == null ? betaRegion : region;
    }

    @Nullable String zone() {
        return zone == null ? betaZone : zone;
    }

    @Nullable String instanceType() {
        return instanceType == null ? betaInstanceType : instanceType;
    }

    /** What it shows of who runs it and what it runs. */
    NodeSigns signs() {
        return new NodeSigns(providerId, labels, kubeletVersion, osImage, joinedByKubeadm);
    }

    @Nullable String architecture() {
        return architecture;
    }

    @Nullable String operatingSystem() {
        return operatingSystem;
    }

    @Nullable String kubeletVersion() {
        return kubeletVersion;
    }

    /** Such as {@code containerd://1.7.2}. */
    @Nullable String containerRuntime() {
        return containerRuntime;
    }

    boolean ready() {
        return ready;
    }

    boolean unschedulable() {
        return unschedulable;
    }

    private void field(String name, JsonParser parser) throws IOException {
        switch (name) {
            case "metadata" -> Json.eachField(parser, this::metadata);
            case "spec" -> Json.eachField(parser, this::spec);
            case "status" -> Json.eachField(parser, this::status);
            default -> {}
        }
    }

    private void metadata(String name, JsonParser value) throws IOException {
        switch (name) {
            case "labels" -> Json.eachField(value, this::label);
            case "annotations" ->
                Json.eachField(value, (key, text) -> joinedByKubeadm |= key.equals(KUBEADM_ANNOTATION));
            default -> {}
        }
    }

    private void label(String name, JsonParser value) {
        switch (name) {
            case "topology.kubernetes.io/region" -> region = Json.text(value);
            case "topology.kubernetes.io/zone" -> zone = Json.text(value);
            case "failure-domain.beta.kubernetes.io/region" -> betaRegion = Json.text(value);
            case "failure-domain.beta.kubernetes.io/zone" -> betaZone = Json.text(value);
            case "node.kubernetes.io/instance-type" -> instanceType = Json.text(value);
            case "beta.kubernetes.io/instance-type" -> betaInstanceType = Json.text(value);
            case "kubernetes.io/role" -> role(Json.text(value));
            default -> {
                if (name.startsWith(ROLE_PREFIX)) {
                    role(name.substring(ROLE_PREFIX.length()));
                } else {
                    vendorLabel(NodeLabel.of(name, Json.text(value)));
                }
            }
        }
    }

    private void vendorLabel(@Nullable NodeLabel label) {
        if (label != null) {
            labels.add(label);
        }
    }

    private void role(@Nullable String role) {
        if (role != null && !role.isEmpty()) {
            roles.add(KNOWN_ROLES.contains(role) ? role : Counts.OTHER);
        }
    }

    private void spec(String name, JsonParser value) {
        switch (name) {
            case "providerID" -> providerId = Json.text(value);
            case "unschedulable" -> unschedulable = Json.isTrue(value);
            default -> {}
        }
    }

    private void status(String name, JsonParser value) throws IOException {
        switch (name) {
            case "conditions" -> Json.eachElement(value, this::condition);
            case "nodeInfo" -> Json.eachField(value, this::nodeInfo);
            default -> {}
        }
    }

    private void condition(JsonParser condition) throws IOException {
        String[] typeAndStatus = new String[2];
        Json.eachField(condition, (name, value) -> {
            if (name.equals("type")) {
                typeAndStatus[0] = Json.text(value);
            } else if (name.equals("status")) {
                typeAndStatus[1] = Json.text(value);
            }
        });
        if ("Ready".equals(typeAndStatus[0])) {
            ready = "True".equals(typeAndStatus[1]);
        }
    }

    private void nodeInfo(String name, JsonParser value) {
        switch (name) {
            case "architecture" -> architecture = Json.text(value);
            case "operatingSystem" -> operatingSystem = Json.text(value);
            case "kubeletVersion" -> kubeletVersion = Json.text(value);
            case "containerRuntimeVersion" -> containerRuntime = Json.text(value);
            case "osImage" -> osImage = Json.text(value);
            default -> {}
        }
    }
}
