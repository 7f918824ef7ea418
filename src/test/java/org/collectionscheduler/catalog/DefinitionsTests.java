package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionsTests {

    static final List<Class<? extends SettingsGroup>> TYPES =
            List.of(CatalogProperties.class, ScheduleProperties.class, PolicyProperties.class, QuietProperties.class);

    private static final List<Collector> COLLECTORS = List.of(
            new NamedCollector("resource-inventory", Duration.ofMinutes(30)),
            new NamedCollector("cluster-metadata", Duration.ofHours(1)));

    private static final SettingsCheck CHECK = (settings, problems) ->
            Definitions.of(settings::get, COLLECTORS, new CollectorParameters(settings), problems);

    record NamedCollector(String name, Duration minimumInterval) implements Collector {
        @Override
        public Collected collect(CollectionContext context) {
            throw new UnsupportedOperationException("only its name matters here");
        }
    }

    private static Policies policies(String yaml) {
        return WrittenSettings.yaml("scheduler.collections.it: {" + yaml.replaceAll("[{}]", "") + "}")
                .bind(List.of(PolicyProperties.class))
                .get(PolicyProperties.class)
                .inForce()
                .apply("it");
    }

    @Test
    void definesCollectionsInTheOrderOfTheirNames() {
        assertThat(definitions(WrittenSettings.yaml("""
                        scheduler:
                          run-on-start: always
                          collections:
                            resource-inventory.interval: 6h
                            nightly: {interval: 1d, collector: cluster-metadata, enabled: false, missed-runs: skip}
                            cluster-metadata: {interval: 2h, max-offset: 5m, timeout: 1m}
                        """)))
                .containsExactly(
                        new Definition(
                                "cluster-metadata",
                                COLLECTORS.get(1),
                                true,
                                new Rhythm.Interval(Duration.ofHours(2)),
                                Duration.ofMinutes(5),
                                policies("timeout: 1m"),
                                QuietTimes.NONE,
                                RunOnStart.ALWAYS,
                                Parameters.NONE),
                        new Definition(
                                "nightly",
                                COLLECTORS.get(1),
                                false,
                                new Rhythm.Interval(Duration.ofDays(1)),
                                Duration.ZERO,
                                policies("missed-runs: skip"),
                                QuietTimes.NONE,
                                RunOnStart.ALWAYS,
                                Parameters.NONE),
                        new Definition(
                                "resource-inventory",
                                COLLECTORS.get(0),
                                true,
                                new Rhythm.Interval(Duration.ofHours(6)),
                                Duration.ZERO,
                                policies("{}"),
                                QuietTimes.NONE,
                                RunOnStart.ALWAYS,
                                Parameters.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster-metadata", "clusterMetadata", "CLUSTER-METADATA", "clustermetadata"})
    void namesCompareWithoutCaseAndDashesAndShowAsTheCollectorsOwn(String name) {
        assertThat(definitions(WrittenSettings.yaml("scheduler.collections." + name + ".interval: 2h")))
                .singleElement()
                .satisfies(definition -> {
                    assertThat(definition.name()).isEqualTo("cluster-metadata");
                    assertThat(definition.collector()).isEqualTo(COLLECTORS.get(1));
                });
        assertThat(definitions(
                        WrittenSettings.yaml("scheduler.collections.nightly: {interval: 2h, collector: " + name + "}")))
                .extracting(Definition::collector)
                .containsExactly(COLLECTORS.get(1));
    }

    @Test
    void variablesAloneCanDeclareACollection() {
        assertThat(definitions(WrittenSettings.variable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_INTERVAL", "2h")
                        .andVariable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_MAX_OFFSET", "5m")))
                .singleElement()
                .satisfies(definition -> {
                    assertThat(definition.name()).isEqualTo("cluster-metadata");
                    assertThat(definition.maxOffset()).hasMinutes(5);
                });
    }

    @Test
    void oneCollectionInTwoSpellingsIsOneDefinition() {
        assertThat(definitions(WrittenSettings.yaml("scheduler.collections.clusterMetadata.interval: 2h")
                        .andYaml("scheduler.collections.cluster-metadata.max-offset: 5m")
                        .andVariable("SCHEDULER_COLLECTIONS_CLUSTERMETADATA_TIMEOUT", "1m")))
                .singleElement()
                .satisfies(definition -> {
                    assertThat(definition.configuredRhythm()).isEqualTo(every(2));
                    assertThat(definition.maxOffset()).hasMinutes(5);
                    assertThat(definition.timeout()).hasMinutes(1);
                });
    }

    @Test
    void raisesAnIntervalToTheMinimumOfTheCollector() {
        Definition raised = definitions(WrittenSettings.yaml("scheduler.collections.cluster-metadata.interval: 60s"))
                .get(0);
        assertThat(raised.isRaised()).isTrue();
        assertThat(raised.rhythm()).isEqualTo(every(1));
        assertThat(raised.configuredRhythm()).isEqualTo(new Rhythm.Interval(Duration.ofSeconds(60)));

        Definition asWritten = definitions(WrittenSettings.yaml("scheduler.collections.cluster-metadata.interval: 1h"))
                .get(0);
        assertThat(asWritten.isRaised()).isFalse();
        assertThat(asWritten.rhythm()).isEqualTo(every(1));
    }

    @Test
    void aDisabledCollectionIsDefined() {
        assertThat(definitions(
                        WrittenSettings.yaml("scheduler.collections.cluster-metadata: {interval: 1h, enabled: false}")))
                .extracting(Definition::state)
                .containsExactly(CollectionState.DISABLED);
    }

    @Test
    void reportsAnUnknownCollection() {
        assertThat(problems(WrittenSettings.yaml("scheduler.collections.cluster-metdata.interval: 1h")))
                .singleElement()
                .hasToString("scheduler.collections.cluster-metdata: is no known collection, for no collector has this"
                        + " name. Correct the name or set scheduler.collections.cluster-metdata.collector;"
                        + " the collectors are: cluster-metadata, resource-inventory");
    }

    @Test
    void reportsAnUnknownCollector() {
        assertThat(problems(WrittenSettings.yaml("scheduler.collections.nightly: {interval: 1h, collector: weather}")))
                .singleElement()
                .hasToString("scheduler.collections.nightly.collector = 'weather': is no known collector."
                        + " The collectors are: cluster-metadata, resource-inventory");
    }

    @Test
    void reportsAMissingInterval() {
        assertThat(problems(WrittenSettings.yaml("scheduler.collections.cluster-metadata.timeout: 1m")))
                .singleElement()
                .hasToString("scheduler.collections.cluster-metadata.interval: is missing, and there is no other"
                        + " schedule. Set one of interval, cron, weekly or at, for example an interval of 6h");
    }

    @Test
    void doesNotCallAnUnreadableIntervalMissing() {
        assertThat(problems(
                        WrittenSettings.yaml("scheduler.collections.cluster-metadata: {interval: abc, timeout: 1m}")))
                .singleElement()
                .hasToString("scheduler.collections.cluster-metadata.interval = 'abc': is not a duration with a unit."
                        + " Write a duration such as 45s, 30m, 6h, 1d or PT6H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"my_nodes", "'[my.nodes]'", "'[my nodes]'", "'[x/../y]'"})
    void reportsWhatIsNotAName(String name) {
        assertThat(problems(WrittenSettings.yaml(
                        "scheduler:\n  collections:\n    " + name + ": {interval: 1h, collector: cluster-metadata}")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.wrong()).isEqualTo("is not a name for a collection"));
    }

    @Test
    void reportsAllMistakesAtOnce() {
        assertThat(problems(WrittenSettings.yaml("""
                                scheduler:
                                  source: cloud
                                  colections: {}
                                  sourc: host
                                  collections:
                                    cluster-metadata: {interval: 60, max-offset: -1s}
                                    nodes: {interval: 1h}
                                    nightly: {collector: weather, interval: 0s, colector: x}
                                """)
                        .andVariable("SCHEDULER_COLLECTIONS_NIGHTLY_ENABLED", "perhaps")
                        .andVariable("SCHEDULER_COLLECTIONS_CLUSTER_METADATA_TIMEOUT", "never")
                        .andVariable("SCHEDULER_RUN_ON_STRAT", "always")
                        .andArgument("--scheduler.run-on-start=sometimes")))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "scheduler.source",
                        "scheduler.colections",
                        "scheduler.sourc",
                        "scheduler.collections.cluster-metadata.interval",
                        "scheduler.collections.cluster-metadata.max-offset",
                        "scheduler.collections.cluster-metadata.timeout",
                        "scheduler.collections.nodes",
                        "scheduler.collections.nightly.collector",
                        "scheduler.collections.nightly.interval",
                        "scheduler.collections.nightly.colector",
                        "scheduler.collections.nightly.enabled",
                        "scheduler.run.on.strat",
                        "scheduler.run-on-start");
    }

    private static Rhythm every(int hours) {
        return new Rhythm.Interval(Duration.ofHours(hours));
    }

    private static List<Definition> definitions(WrittenSettings settings) {
        assertThat(problems(settings)).isEmpty();
        BoundSettings bound = settings.bind(TYPES);
        return Definitions.of(bound::get, COLLECTORS, new CollectorParameters(bound), problem -> {
            throw new AssertionError(problem);
        });
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(TYPES, CHECK);
    }
}
