package org.collectionscheduler.kubernetes;

import java.util.Arrays;
import java.util.Objects;

/** What of an object a client may count, by its place, so that the truth about all of them is a formula. */
final class FakeFacts {

    private static final String[] SERVICES = {"ClusterIP", "NodePort", "LoadBalancer", "Headless", "ExternalName"};
    private static final String[] SERVICE_FILES =
            Arrays.stream(SERVICES).map(variant -> "services-" + variant).toArray(String[]::new);
    private static final FakeSlot CLUSTER_IP = FakeSlots.parse("ip:cluster");
    private static final FakeSlot NONE = FakeSlots.parse("none");

    private FakeFacts() {}

    /** A type, or {@code Headless}, which is a service of the type ClusterIP without an address. */
    static String serviceVariant(int index) {
        return SERVICES[index % SERVICES.length];
    }

    /** See {@link FakeBodies}. */
    static String serviceFile(int index) {
        return SERVICE_FILES[index % SERVICES.length];
    }

    static String serviceType(int index) {
        String variant = serviceVariant(index);
        return variant.equals("Headless") ? "ClusterIP" : variant;
    }

    static String namespacePhase(int index) {
        return index % 5 == 4 ? "Terminating" : "Active";
    }

    static boolean nodeReady(int index) {
        return index % 7 != 0;
    }

    static boolean nodeUnschedulable(int index) {
        return index % 6 == 0;
    }

    /** Empty for a node without one. */
    static String nodeRole(int index) {
        if (index == 0) {
            return "control-plane";
        }
        return index % 5 == 0 ? FakeCluster.MARK + "-team" : index % 2 == 0 ? "worker" : "";
    }

    static String kubelet(int index) {
        return index % 4 == 0 ? "v1.29.4-eks-036c24b" : FakeCluster.GIT_VERSION;
    }

    static FakeSlot slot(String fact) {
        return switch (fact) {
            case "phase" -> (out, object) -> out.ascii(namespacePhase(object.index()));
            case "serviceType" -> (out, object) -> out.ascii(serviceType(object.index()));
            case "clusterIpCell" -> FakeFacts::clusterIpCell;
            case "arch" -> (out, object) -> out.ascii(object.index() % 3 == 0 ? "arm64" : "amd64");
            case "zone" -> (out, object) -> out.ascii(object.index() % 3 == 0 ? "eu-central-1b" : "eu-central-1a");
            case "kubelet" -> (out, object) -> out.ascii(kubelet(object.index()));
            case "unschedulable" -> (out, object) -> out.ascii(nodeUnschedulable(object.index()) ? "true" : "false");
            case "ready" -> (out, object) -> out.ascii(nodeReady(object.index()) ? "True" : "False");
            case "role" -> FakeFacts::roleLabel;
            case "roleCell" -> FakeFacts::roleCell;
            case "nodeStatusCell" -> FakeFacts::nodeStatusCell;
            default -> throw new IllegalArgumentException("there is no fact " + fact);
        };
    }

    static FakeSlot fleetSlot(String part) {
        return switch (part) {
            case "labels" ->
                (out, object) -> out.ascii(FakeNode.json(node(object).labels()));
            case "annotations" ->
                (out, object) -> out.ascii(FakeNode.json(node(object).annotations()));
            case "rest" -> (out, object) -> out.ascii(node(object).json());
            default -> throw new IllegalArgumentException("a node of a fleet has no " + part);
        };
    }

    /** As {@code spec.clusterIP} of a service; empty where it has none. */
    static String clusterIp(FakeObject service) {
        return switch (serviceVariant(service.index())) {
            case "Headless" -> "None";
            case "ExternalName" -> "";
            default -> {
                FakeBytes out = FakeBytes.small();
                CLUSTER_IP.write(out, service);
                yield out.text();
            }
        };
    }

    private static FakeNode node(FakeObject object) {
        return Objects.requireNonNull(object.cluster().fleet()).nodes().get(object.index());
    }

    private static void clusterIpCell(FakeBytes out, FakeObject service) {
        switch (serviceVariant(service.index())) {
            case "Headless" -> out.ascii("None");
            case "ExternalName" -> NONE.write(out, service);
            default -> CLUSTER_IP.write(out, service);
        }
    }

    private static void roleLabel(FakeBytes out, FakeObject node) {
        String role = nodeRole(node.index());
        if (!role.isEmpty()) {
            out.ascii(",\"node-role.kubernetes.io/" + role + "\":\"\"");
        }
    }

    private static void roleCell(FakeBytes out, FakeObject node) {
        String role = nodeRole(node.index());
        if (role.isEmpty()) {
            NONE.write(out, node);
        } else {
            out.ascii(role);
        }
    }

    private static void nodeStatusCell(FakeBytes out, FakeObject node) {
        out.ascii(nodeReady(node.index()) ? "Ready" : "NotReady");
        out.ascii(nodeUnschedulable(node.index()) ? ",SchedulingDisabled" : "");
    }
}
