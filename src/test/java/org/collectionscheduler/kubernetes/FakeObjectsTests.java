package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Objects are as large and as different as real ones, always the same, and their names are marked. */
class FakeObjectsTests {

    private static final FakeCluster CLUSTER = FakeCluster.of(40, 300, 60);
    private static final FakeObjects OBJECTS = new FakeObjects(CLUSTER);

    @ParameterizedTest
    @CsvSource({
        "PODS, 6000, 12000",
        "NODES, 8000, 12000",
        "REPLICA_SETS, 3500, 6000",
        "DEPLOYMENTS, 3500, 6500",
        "STATEFUL_SETS, 3500, 6500",
        "DAEMON_SETS, 3500, 6500",
        "JOBS, 3500, 6500",
        "CRON_JOBS, 3500, 6500",
        "SERVICES, 1500, 2700",
        "NAMESPACES, 900, 1300",
        "INGRESSES, 1500, 2500",
        "PERSISTENT_VOLUMES, 2000, 3500",
        "PERSISTENT_VOLUME_CLAIMS, 1500, 2500",
        "HORIZONTAL_POD_AUTOSCALERS, 1500, 2700",
        "CUSTOM_RESOURCE_DEFINITIONS, 5000, 10000"
    })
    void areOfRealSize(FakeKind kind, int least, int most) {
        for (int i = 0; i < CLUSTER.count(kind); i++) {
            assertThat(whole(CLUSTER, kind, i).length()).isBetween(least, most);
        }
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void areJsonWithoutSpaceAndSlots(FakeKind kind) {
        for (int i = 0; i < CLUSTER.count(kind); i++) {
            String json = whole(CLUSTER, kind, i);

            assertThat(FakeReader.json(bytes(json)).toString()).isEqualTo(json);
            assertThat(json).doesNotContain("<", ">");
        }
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void haveNamesOfTheirOwnAndAreAlwaysTheSame(FakeKind kind) {
        Set<String> uids = new HashSet<>();
        for (int i = 0; i < CLUSTER.count(kind); i++) {
            String json = whole(CLUSTER, kind, i);
            uids.add(FakeReader.json(bytes(json)).at("/metadata/uid").asString());
            assertThat(whole(FakeCluster.of(40, 300, 60), kind, i)).isEqualTo(json);
            assertThat(whole(CLUSTER.withSeed(7), kind, i)).isNotEqualTo(json);
        }
        assertThat(uids)
                .hasSize(CLUSTER.count(kind))
                .allMatch(uid -> uid.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void markEveryName(FakeKind kind) {
        for (int i = 0; i < CLUSTER.count(kind); i++) {
            JsonNode object = FakeReader.json(bytes(whole(CLUSTER, kind, i)));
            assertThat(List.of(FakeReader.name(object), FakeReader.namespace(object)))
                    .allMatch(name -> name.contains(FakeCluster.MARK) || name.equals("kube-system") || name.isEmpty());
            assertMarked(object);
        }
    }

    @Test
    void aPodLooksLikeOne() {
        JsonNode pod = FakeReader.json(bytes(whole(CLUSTER, FakeKind.PODS, 5)));

        assertThat(pod.at("/metadata/managedFields")
                        .valueStream()
                        .map(field -> field.get("manager").asString()))
                .containsExactly("kube-controller-manager", "kubelet");
        assertThat(pod.at("/metadata/labels/pod-template-hash").asString()).matches("[a-z0-9]{10}");
        assertThat(FakeReader.name(pod))
                .startsWith(pod.at("/metadata/ownerReferences/0/name").asString() + "-");
        assertThat(pod.at("/spec/containers")).hasSize(2);
        assertThat(pod.at("/spec/volumes/1/name").asString()).matches("kube-api-access-[a-z0-9]{5}");
        assertThat(pod.at("/status/containerStatuses/0/containerID").asString()).matches("containerd://[0-9a-f]{64}");
        assertThat(pod.at("/status/podIP").asString()).matches("10\\.\\d+\\.\\d+\\.\\d+");
        assertThat(pod.at("/metadata/creationTimestamp").asString())
                .matches("202\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }

    @Test
    void aPodRunsOnANodeThatThereIs() {
        Set<String> nodes = new HashSet<>();
        for (int i = 0; i < CLUSTER.count(FakeKind.NODES); i++) {
            nodes.add(OBJECTS.object(FakeKind.NODES, i).name());
        }

        for (int i = 0; i < CLUSTER.count(FakeKind.PODS); i++) {
            assertThat(nodes)
                    .contains(FakeReader.json(bytes(whole(CLUSTER, FakeKind.PODS, i)))
                            .at("/spec/nodeName")
                            .asString());
        }
    }

    @Test
    void arePaddedWhenAsked() {
        String padded = whole(CLUSTER.withPadding(500), FakeKind.PODS, 3);

        assertThat(padded.length() - whole(CLUSTER, FakeKind.PODS, 3).length()).isBetween(500, 700);
        assertThat(FakeReader.json(bytes(padded)).at("/metadata/managedFields")).hasSize(3);
    }

    @Test
    void kindsCanBeLeftOut() {
        assertThat(CLUSTER.without("ingresses").count("ingresses")).isEqualTo(-1);
    }

    /** Texts of labels and annotations that hold letters of a name, keys of owners and the like. */
    private static void assertMarked(JsonNode object) {
        for (String field : List.of("generateName", "spec/nodeName", "spec/serviceAccountName", "spec/hostname")) {
            String text = object.at("/" + (field.contains("/") ? field : "metadata/" + field))
                    .asString("");
            assertThat(text.toLowerCase(Locale.ROOT)).matches(".*" + FakeCluster.MARK + ".*|");
        }
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            assertThat(owner.get("name").asString()).contains(FakeCluster.MARK);
        }
        assertThat(object.at("/metadata/labels").toString()).contains(FakeCluster.MARK);
        assertThat(object.at("/metadata/annotations").toString()).contains(FakeCluster.MARK);
    }

    private static String whole(FakeCluster cluster, FakeKind kind, int index) {
        FakeBytes out = FakeBytes.large();
        FakeBodies.whole(out, new FakeObjects(cluster).object(kind, index));
        return out.text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
