package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.RunProperties;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.Settings;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class IdleSettingsTests {

    private static final List<Class<? extends SettingsGroup>> TYPES = List.of(
            CatalogProperties.class,
            ScheduleProperties.class,
            PolicyProperties.class,
            QuietProperties.class,
            RunProperties.class,
            CollectorsProperties.class);

    private static final String COLLECTION =
            "scheduler.collections.it: {collector: my-http, interval: 1h, labels.a: b}";

    private final CatalogConfiguration configuration = new CatalogConfiguration();

    private final ObjectProvider<Collector> collectors = new StaticListableBeanFactory(
                    Map.of("http", new DefinitionsTests.NamedCollector("my-http", Duration.ZERO)))
            .getBeanProvider(Collector.class);

    @Test
    void anIntervalOfNoCollectorIsRefused() {
        assertThat(problems("scheduler.defaults.intervals.my-htpp: 1h"))
                .singleElement()
                .hasToString("scheduler.defaults.intervals.my-htpp = '1h': is the interval of no known collector."
                        + " Correct the name or remove it; the collectors are: my-http");
        assertThat(problems("scheduler.defaults.intervals.MYHTTP: 1h")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "scheduler.collectors.htpp.max-concurrent-runs: 1|setting=scheduler.collectors.htpp.max-concurrent-runs"
                        + " value=1 reason=limits no known collector remedy=Correct the name or remove it;"
                        + " the collectors are: my-http, and those that code declares",
                "scheduler.collections.it.max-overlap: 5|setting=scheduler.collections.it.max-overlap value=5"
                        + " reason=counts only where overlap is allowed"
                        + " remedy=Set scheduler.collections.it.overlap to allow, or remove it",
                "scheduler.defaults.max-overlap: 5|setting=scheduler.defaults.max-overlap value=5",
                "scheduler.quiet: [{from: 2026-01-01T00:00, to: 2026-01-02T00:00, labels: {a: c}}]"
                        + "|setting=scheduler.quiet[0].labels value={a=c}"
            })
    void whatCodeMayStillGiveAnEffectIsWarnedOfOnce(String yaml, String expected, CapturedOutput output) {
        assertThat(problems(yaml)).isEmpty();
        start(yaml);

        assertThat(output.getAll().lines().filter(line -> line.contains("a setting has no effect")))
                .singleElement()
                .extracting(line -> line.replace("\"", ""), STRING)
                .contains(" WARN ", expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduler.collectors: {MyHttp.max-concurrent-runs: 1, directory: .}",
                "scheduler.collections.it: {overlap: allow, max-overlap: 5}",
                "scheduler: {defaults.overlap: allow, collections.it.max-overlap: 5}",
                "scheduler: {defaults.max-overlap: 5, collections.it.overlap: allow}",
                "scheduler.defaults.max-overlap: 2",
                "scheduler.quiet: [{from: 2026-01-01T00:00, to: 2026-01-02T00:00, labels: {a: b}}]",
                "scheduler.quiet: [{from: 2026-01-01T00:00, to: 2026-01-02T00:00, collections: [it]}]"
            })
    void whatHasAnEffectIsNotWarnedOf(String yaml, CapturedOutput output) {
        start(yaml);

        assertThat(output.getAll()).doesNotContain("no effect");
    }

    private void start(String yaml) {
        BoundSettings bound = bound(yaml);
        configuration.declaredCollections(new Settings(bound, List.of()), new CollectorParameters(bound), collectors);
    }

    private List<Problem> problems(String yaml) {
        List<Problem> problems = new ArrayList<>();
        MockEnvironment environment = new MockEnvironment().withProperty("scheduler.source", "host");
        configuration.collectionsCheck(collectors, environment).check(bound(yaml), problems::add);
        return problems;
    }

    private static BoundSettings bound(String yaml) {
        return WrittenSettings.yaml(COLLECTION).andYaml(yaml).bind(TYPES);
    }
}
