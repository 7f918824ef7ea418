package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.collectionscheduler.catalog.CatalogProperties.CollectionProperties;
import org.collectionscheduler.catalog.CatalogProperties.SourceChoice;
import org.collectionscheduler.catalog.ScheduleProperties.CollectionSchedule;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogPropertiesTests {

    private static final List<Class<? extends SettingsGroup>> TYPES =
            List.of(PolicyProperties.class, CatalogProperties.class, ScheduleProperties.class);

    private static final String DEFAULTS = """
            scheduler:
              collections:
                cluster-metadata:
                  interval: 24h
                  max-offset: 1h
                resource-inventory:
                  interval: 6h
                  max-offset: 30m
            """;

    @Test
    void hasTheKeysAndDefaultsThatAreDocumented() {
        Map<String, @Nullable String> expected = new LinkedHashMap<>();
        expected.put("scheduler.collections.*.at", null);
        expected.put("scheduler.collections.*.collector", null);
        expected.put("scheduler.collections.*.cron", null);
        expected.put("scheduler.collections.*.enabled", "true");
        expected.put("scheduler.collections.*.interval", null);
        expected.put("scheduler.collections.*.max-offset", "0s");
        expected.put("scheduler.collections.*.weekly.days", null);
        expected.put("scheduler.collections.*.weekly.time", null);
        expected.put("scheduler.collections.*.weekly.zone", null);
        expected.put("scheduler.collections.*.zone", null);
        expected.put("scheduler.defaults.intervals.*", null);
        expected.put("scheduler.defaults.zone", "UTC");
        expected.put("scheduler.run-on-start", "never");
        expected.put("scheduler.source", "auto");

        assertThat(WrittenSettings.defaults(List.of(CatalogProperties.class, ScheduleProperties.class)))
                .containsExactlyEntriesOf(expected);
    }

    @Test
    void readsFiles() {
        CatalogProperties properties = read(WrittenSettings.yaml("""
                scheduler:
                  source: host
                  run-on-start: if-never-run
                  collections:
                    nightly:
                      collector: cluster-metadata
                      enabled: false
                """));
        assertThat(properties.source()).isEqualTo(SourceChoice.HOST);
        assertThat(properties.runOnStart()).isEqualTo(RunOnStart.IF_NEVER_RUN);
        assertThat(properties.collections())
                .containsExactly(Map.entry("nightly", new CollectionProperties("cluster-metadata", false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCHEDULER_RUN_ON_START", "SCHEDULER_RUNONSTART"})
    void readsRunOnStartFromAVariable(String variable) {
        assertThat(read(WrittenSettings.variable(variable, "if-never-run")).runOnStart())
                .isEqualTo(RunOnStart.IF_NEVER_RUN);
        assertThat(read(WrittenSettings.variable(variable, "IF_NEVER_RUN")).runOnStart())
                .isEqualTo(RunOnStart.IF_NEVER_RUN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCHEDULER_COLLECTIONS_CLUSTERMETADATA_MAXOFFSET",
                "SCHEDULER_COLLECTIONS_CLUSTERMETADATA_MAX_OFFSET",
                "SCHEDULER_COLLECTIONS_CLUSTER_METADATA_MAXOFFSET",
                "SCHEDULER_COLLECTIONS_CLUSTER_METADATA_MAX_OFFSET"
            })
    void aVariableChangesOneValueOfACollectionDeclaredInAFile(String variable) {
        ScheduleProperties properties =
                readSchedules(WrittenSettings.yaml(DEFAULTS).andVariable(variable, "5m"));
        assertThat(properties.collections()).containsOnlyKeys("cluster-metadata", "resource-inventory");
        assertThat(schedule(properties, "cluster-metadata")).satisfies(schedule -> {
            assertThat(schedule.maxOffset()).hasMinutes(5);
            assertThat(schedule.interval()).hasHours(24);
        });
        assertThat(schedule(properties, "resource-inventory").maxOffset()).hasMinutes(30);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCHEDULER_COLLECTIONS_CLUSTERMETADATA_TIMEOUT",
                "SCHEDULER_COLLECTIONS_CLUSTER_METADATA_TIMEOUT",
            })
    void aVariableAddsAValueThatNoFileHas(String variable) {
        WrittenSettings settings = WrittenSettings.yaml(DEFAULTS).andVariable(variable, "5m");
        assertThat(settings.refusal(TYPES)).isEmpty();
        PolicyProperties properties = settings.bind(TYPES).get(PolicyProperties.class);
        assertThat(properties.inForce().apply("cluster-metadata").run().timeout())
                .hasMinutes(5);
    }

    @Test
    void oneCollectionInManySpellingsIsOneWithMergedValues() {
        WrittenSettings settings = WrittenSettings.yaml("scheduler.collections.clusterMetadata.timeout: 1m")
                .andYaml("scheduler.collections.CLUSTERMETADATA.missed-runs: skip")
                .andYaml("scheduler.collections.cluster-meta-data.enabled: false")
                .andYaml(DEFAULTS)
                .andVariable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_INTERVAL", "2h")
                .andArgument("--scheduler.collections.Cluster-Metadata.maxOffset=3m");
        assertThat(schedule(readSchedules(settings), "cluster-meta-data")).satisfies(schedule -> {
            assertThat(schedule.interval()).hasHours(2);
            assertThat(schedule.maxOffset()).hasMinutes(3);
        });
        assertThat(read(settings).collections())
                .containsOnlyKeys("cluster-meta-data", "resource-inventory")
                .containsEntry("cluster-meta-data", new CollectionProperties(null, false));
        Policies policies =
                settings.bind(TYPES).get(PolicyProperties.class).inForce().apply("cluster-meta-data");
        assertThat(policies.run().timeout()).hasMinutes(1);
        assertThat(policies.start().missedRuns()).isEqualTo(MissedRuns.SKIP);
    }

    @Test
    void anArgumentWinsOverAVariableAndThisOverAFile() {
        WrittenSettings settings = WrittenSettings.yaml(DEFAULTS)
                .andVariable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_INTERVAL", "2h")
                .andVariable("SCHEDULER_COLLECTIONS_RESOURCEINVENTORY_INTERVAL", "3h")
                .andArgument("--scheduler.collections.cluster-metadata.interval=4h");
        ScheduleProperties properties = readSchedules(settings);
        assertThat(schedule(properties, "cluster-metadata").interval()).hasHours(4);
        assertThat(schedule(properties, "resource-inventory").interval()).hasHours(3);
    }

    @ParameterizedTest
    @CsvSource({
        "interval, 0s, must be at least a millisecond",
        "interval, -1h, must be at least a millisecond",
        "interval, 100y, is not a duration with a unit",
        "interval, 60, is not a duration with a unit",
        "interval, PT99999999999999H, must not be longer than 36500 days",
        "max-offset, -1s, must not be negative",
        "max-offset, abc, is not a duration with a unit",
        "timeout, 0s, must be at least a millisecond",
        "timeout, 3600, is not a duration with a unit",
        "missed-runs, run-twice, 'is not one of run-once, skip'",
        "enabled, perhaps, is not true or false"
    })
    void namesKeyAndValueOfAMistakeOnce(String key, String value, String wrong) {
        List<Problem> problems = WrittenSettings.yaml(DEFAULTS)
                .andVariable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_ENABLED", "true")
                .andArgument("--scheduler.collections.cluster-metadata." + key + "=" + value)
                .refusal(TYPES);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo("scheduler.collections.cluster-metadata." + key);
            assertThat(problem.value()).isIn(value, "99999999999999h");
            assertThat(problem.wrong()).isEqualTo(wrong);
        });
    }

    @Test
    void aSingleValueInPlaceOfKeysIsAMistakeAndNoCrash() {
        assertThat(WrittenSettings.yaml("scheduler.collections.cluster-metadata: 24h")
                        .refusal(TYPES))
                .extracting(Problem::key)
                .containsExactly("scheduler.collections.cluster-metadata");
        assertThat(WrittenSettings.yaml("scheduler.collections: 24h").refusal(TYPES))
                .extracting(Problem::key)
                .containsExactly("scheduler.collections");
    }

    private static CatalogProperties read(WrittenSettings settings) {
        assertThat(settings.refusal(TYPES)).isEmpty();
        return settings.bind(TYPES).get(CatalogProperties.class);
    }

    private static ScheduleProperties readSchedules(WrittenSettings settings) {
        assertThat(settings.refusal(TYPES)).isEmpty();
        return settings.bind(TYPES).get(ScheduleProperties.class);
    }

    private static CollectionSchedule schedule(ScheduleProperties properties, String name) {
        return Objects.requireNonNull(properties.collections().get(name), name);
    }
}
