package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.run.TestPayloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** What is collected of a machine keeps the published schemas, and these promise nothing that is never collected. */
class HostSchemasTests {

    private static final ProbeRunner RUNNER = new ProbeRunner(Duration.ofSeconds(30));

    static final List<Collector> COLLECTORS = List.of(
            HostConfiguration.metadata(Machine.local(), RUNNER), HostConfiguration.inventory(Machine.local(), RUNNER));

    @TempDir
    Path empty;

    @ParameterizedTest
    @FieldSource("COLLECTORS")
    void aSchemaIsOneAndDescribesEveryProperty(Collector collector) {
        JsonNode schema = new TestPayloads(collector).dataSchema();

        assertThat(TestPayloads.wrongWith(schema)).isEmpty();
        assertThat(TestPayloads.undescribed(schema)).isEmpty();
        assertThat(schema.path("$id").asString())
                .isEqualTo("urn:collection-scheduler:schema:" + collector.name() + ":host:1");
        assertThat(schema.path("title").asString()).contains("machine", "version 1");
    }

    @ParameterizedTest
    @FieldSource("COLLECTORS")
    void thisMachineKeepsTheSchemaAndShowsAllOfIt(Collector collector) throws Exception {
        TestPayloads payloads = new TestPayloads(collector);

        JsonNode data = payloads.stored(collector.collect(new TestContext())).path("data");

        assertThat(TestPayloads.unseen(payloads.dataSchema(), List.of(data))).isEmpty();
    }

    /** Without the kernel's files some parts are told otherwise, by the runtime or not at all. */
    @Test
    void aMachineWithoutKernelFilesKeepsThem() throws Exception {
        for (Collector collector : List.of(
                HostConfiguration.metadata(new Machine(empty), RUNNER),
                HostConfiguration.inventory(new Machine(empty), RUNNER))) {
            new TestPayloads(collector).stored(collector.collect(new TestContext()));
        }
    }

    @Test
    void whateverPartIsMissingTheRestKeepsTheSchema() throws Exception {
        Collector metadata = COLLECTORS.get(0);
        Probe identity = new Probe("machine-id", "clusterId", pseudonyms -> Finding.unavailable("it has none"));
        Probe broken = new Probe("cpu", "cpu", pseudonyms -> {
            throw new IllegalStateException("no processor");
        });
        Probe partial = new Probe(
                "container",
                "container",
                pseudonyms -> Finding.partial(new ContainerFacts(null, null, null, null), "not visible"));
        Collected collected = new HostCollector(
                        metadata.name(), Duration.ofHours(1), identity, List.of(broken, partial), List.of(), RUNNER)
                .collect(new TestContext());

        JsonNode payload = new TestPayloads(metadata).stored(collected);

        assertThat(payload.at("/data").propertyNames())
                .containsExactly("timestamp", "collectionId", "clusterId", "clusterIdSource", "container");
        assertThat(payload.at("/data/clusterIdSource").asString()).isEqualTo("deployment");
        assertThat(payload.at("/sections/cpu/status").asString())
                .isEqualTo(Section.Status.UNAVAILABLE.name().toLowerCase(java.util.Locale.ROOT));
    }
}
