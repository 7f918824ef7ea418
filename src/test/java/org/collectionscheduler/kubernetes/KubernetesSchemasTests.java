package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Pseudonyms.NamespaceNames;
import org.collectionscheduler.run.TestPayloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.JsonNode;

/** What is collected of a cluster keeps the published schemas, and these promise nothing that is never collected. */
class KubernetesSchemasTests {

    private static final TestPayloads METADATA = payloads("cluster-metadata");
    private static final TestPayloads INVENTORY = payloads("resource-inventory");

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"cluster-metadata", "resource-inventory"})
    void aSchemaIsOneAndDescribesEveryProperty(String name) {
        JsonNode schema = (name.equals("cluster-metadata") ? METADATA : INVENTORY).dataSchema();

        assertThat(TestPayloads.wrongWith(schema)).isEmpty();
        assertThat(TestPayloads.undescribed(schema)).isEmpty();
        assertThat(schema.path("$id").asString())
                .isEqualTo("urn:collection-scheduler:schema:" + name + ":kubernetes:1");
        assertThat(schema.path("title").asString()).contains("Kubernetes", "version 1");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 1, 1", "500, 7, 12", "5000, 700, 1200"})
    void clustersOfAnySizeKeepThem(int pods, int namespaces, int nodes) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(
                        FakeCluster.of(namespaces, pods, nodes).with("services", pods / 3));
                Kube kube = kube(api)) {
            METADATA.stored(kube.metadata());
            INVENTORY.stored(kube.inventory());
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesOfNamespacesKeepThemInWhateverWayTheyAreShown(NamespaceNames names) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(9, 100, 1));
                Kube kube = kube(api)) {
            INVENTORY.stored(kube.inventory(new TestContext(Duration.ofSeconds(30), names)));
        }
    }

    @Test
    void theSchemasDeclareNothingThatIsNeverThere() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(9, 100, 12));
                Kube kube = kube(api)) {
            List<JsonNode> ofMetadata = List.of(METADATA.stored(kube.metadata()).path("data"));
            List<JsonNode> ofInventory =
                    List.of(INVENTORY.stored(kube.inventory()).path("data"));

            assertThat(TestPayloads.unseen(METADATA.dataSchema(), ofMetadata)).isEmpty();
            assertThat(TestPayloads.unseen(INVENTORY.dataSchema(), ofInventory)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("org.collectionscheduler.kubernetes.ClusterOriginTests#kinds")
    void clustersOfEveryKindKeepThem(FakeNode node) throws Exception {
        keeps(FakeFleet.of(node.version() == null ? "v1.30.2" : node.version(), node, node));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void mixedClustersKeepThem(int seed) throws Exception {
        Random random = new Random(seed);
        List<FakeNode> nodes = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            nodes.add(FakeNode.all().get(random.nextInt(FakeNode.all().size())));
        }
        keeps(new FakeFleet("v1.30.2", nodes));
    }

    /** More different values than are shown, longer ones than are shown, and none at all. */
    @Test
    void clustersThatInventValuesKeepThem() throws Exception {
        List<FakeNode> nodes = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            String place = "r" + i + "x".repeat(56);
            nodes.add(FakeNode.of("other", null, "unknown", "invented" + i + "://x")
                    .at(place, place, "t-" + i)
                    .version("v1.29." + i)
                    .runtime("runtime" + i + "://1." + i % 1000));
        }
        nodes.add(FakeNode.silent()
                .at("no label value", "/zone", "a type")
                .runtime("?")
                .version("?"));
        keeps(new FakeFleet("nothing but words", nodes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/version",
                Kube.NODES,
                Kube.NAMESPACES,
                Kube.KUBE_SYSTEM,
                Kube.PODS,
                Kube.SERVICES,
                "/apis/apps/v1/statefulsets"
            })
    void whateverPartMayNotBeSeenTheRestKeepsThem(String path) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(5, 10, 3));
                Kube kube = kube(api)) {
            api.misbehave(path, Misbehaviour.status(403));
            METADATA.stored(kube.metadata());
            INVENTORY.stored(kube.inventory());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.collectionscheduler.kubernetes.HostileServerTests#misbehaviours")
    void whateverAKindDoesTheRestKeepsThem(String name, Misbehaviour misbehaviour) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 700, 2));
                Kube kube = Kube.suitedTo(misbehaviour, api.writeKubeconfig(directory.resolve("config")))) {
            api.misbehave(Kube.PODS, misbehaviour);
            api.misbehave(Kube.NODES, misbehaviour);
            METADATA.stored(kube.metadata());
            INVENTORY.stored(kube.inventory());
        }
    }

    @Test
    void aListThatExpiresTwiceKeepsThem() throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(5, 1700, 1));
                Kube kube = kube(api)) {
            api.expireTokens(Kube.PODS, 2);
            INVENTORY.stored(kube.inventory());
        }
    }

    /** A value that the code learns and the schema does not would fail the runs of whoever has it. */
    @Test
    void theSchemaKnowsEveryProviderVendorAndDistribution() {
        JsonNode schema = METADATA.dataSchema();

        assertThat(TestPayloads.texts(schema.at("/properties/provider/enum"))).isEqualTo(texts(Provider.values()));
        assertThat(TestPayloads.texts(schema.at("/properties/providers/propertyNames/enum")))
                .isEqualTo(texts(Provider.values()));
        assertThat(TestPayloads.texts(schema.at("/$defs/vendor/enum"))).isEqualTo(texts(Vendor.values()));
        assertThat(TestPayloads.texts(schema.at("/properties/distribution/enum")))
                .containsExactlyInAnyOrderElementsOf(texts(Distribution.values()));
    }

    private void keeps(FakeFleet fleet) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(fleet.cluster());
                Kube kube = kube(api)) {
            METADATA.stored(kube.metadata());
        }
    }

    /** Of the collector as it is in the service. */
    private static TestPayloads payloads(String name) {
        List<TestPayloads> found = new ArrayList<>();
        new ApplicationContextRunner()
                .withUserConfiguration(KubernetesConfiguration.class)
                .withPropertyValues("scheduler.source=kubernetes")
                .run(context -> context.getBeansOfType(Collector.class).values().stream()
                        .filter(collector -> collector.name().equals(name))
                        .map(TestPayloads::new)
                        .forEach(found::add));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static List<String> texts(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::toString).toList();
    }

    private Kube kube(FakeKubernetesApi api) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }
}
