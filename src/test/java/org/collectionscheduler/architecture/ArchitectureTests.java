package org.collectionscheduler.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTests {

    private static final String PRODUCT = "org.collectionscheduler";
    private static final String FIXTURE = "org.collectionscheduler.architecture.fixture";

    private static final JavaClasses PRODUCT_CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(PRODUCT);
    private static final JavaClasses FIXTURE_CLASSES = new ClassFileImporter().importPackages(FIXTURE);

    private static final Map<String, ArchRule> PRODUCT_RULES = ArchitectureRules.below(PRODUCT);
    private static final Map<String, ArchRule> FIXTURE_RULES = ArchitectureRules.below(FIXTURE);

    /** What each rule must report in the fixture. */
    private static final Map<String, List<String>> PLANTED = Map.ofEntries(
            Map.entry("schedule uses nobody", List.of("schedule.LooksIntoRun")),
            Map.entry("cron uses schedule", List.of("cron.LooksIntoRun")),
            Map.entry("collector uses nobody", List.of("collector.LooksIntoSchedule")),
            Map.entry("settings uses nobody", List.of("settings.LooksIntoStore")),
            Map.entry("store uses settings", List.of("store.LooksIntoRun")),
            Map.entry("run uses schedule, collector, store, settings", List.of("run.LooksIntoDispatch")),
            Map.entry("dispatch uses run, store, settings", List.of("dispatch.LooksIntoCatalog")),
            Map.entry("dispatch.local uses dispatch, run, schedule, store", List.of("dispatch.local.LooksIntoCatalog")),
            Map.entry(
                    "dispatch.cluster uses dispatch, run, schedule, collector, store, settings",
                    List.of("dispatch.cluster.LooksIntoCatalog")),
            Map.entry(
                    "catalog uses dispatch, run, cron, schedule, collector, store, settings",
                    List.of("catalog.LooksIntoWeb", "catalog.LooksIntoDispatchLocal")),
            Map.entry("kubernetes uses collector, settings", List.of("kubernetes.LooksIntoRun")),
            Map.entry("host uses collector, settings", List.of("host.LooksIntoRun")),
            Map.entry("http uses collector, settings", List.of("http.LooksIntoRun")),
            Map.entry("node uses collector, settings", List.of("node.LooksIntoRun")),
            Map.entry("command uses collector, settings", List.of("command.LooksIntoRun")),
            Map.entry("notify uses catalog, run, settings", List.of("notify.LooksIntoDispatch")),
            Map.entry("actuate uses catalog, run, schedule, store, collector", List.of("actuate.LooksIntoWeb")),
            Map.entry("web uses catalog, run, schedule, store, settings", List.of("web.LooksIntoDispatch")),
            Map.entry("cli uses catalog, run, schedule, store, settings, collector", List.of("cli.LooksIntoDispatch")),
            Map.entry("nothing uses dispatch.local", List.of("catalog.LooksIntoDispatchLocal")),
            Map.entry("nothing uses dispatch.cluster", List.of("catalog.LooksIntoDispatchCluster")),
            Map.entry("packages of the map only", List.of("util.Anything")),
            Map.entry("no cycles", List.of("catalog.LooksIntoDispatchLocal", "dispatch.local.LooksIntoCatalog")),
            Map.entry("schedule knows the JDK only", List.of("schedule.KnowsTheFramework", "schedule.LooksIntoRun")),
            Map.entry("collector knows the JDK and Spring only", List.of("collector.KnowsJson")),
            Map.entry("only the local dispatcher knows Spring's scheduling", List.of("run.KeepsTime")),
            Map.entry("only the cluster dispatcher knows its engine", List.of("run.KnowsTheEngine")),
            Map.entry("only cron knows the parser of cron expressions", List.of("run.ReadsCron")),
            Map.entry(
                    "no package for leftovers",
                    List.of(
                            "util.Anything",
                            "common.Anything",
                            "service.Anything",
                            "impl.Anything",
                            "dto.Anything",
                            "helper.Anything")),
            Map.entry("every package is null-marked", List.of("run.KeepsTime")),
            Map.entry("public is what others use", List.of("run.ShowsItself")),
            Map.entry(
                    "the clock is injected",
                    List.of(
                            "run.LooksAtTheWall.instant()",
                            "run.LooksAtTheWall.local(",
                            "run.LooksAtTheWall.millis()",
                            "run.LooksAtTheWall.<init>()")),
            Map.entry("the ticker is injected", List.of("run.MeasuresByItself.nanos()")),
            Map.entry("nothing sleeps", List.of("run.Sleeps.sleep()", "run.Sleeps.sleepByUnit()")),
            Map.entry("no old dates", List.of("run.UsesDates")));

    static Set<String> rules() {
        return PRODUCT_RULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProductKeeps(String rule) {
        Objects.requireNonNull(PRODUCT_RULES.get(rule)).check(PRODUCT_CLASSES);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aViolationIsReportedOf(String rule) {
        List<String> planted = Objects.requireNonNull(PLANTED.get(rule), "nothing is planted against this rule");
        assertThatThrownBy(() -> Objects.requireNonNull(FIXTURE_RULES.get(rule)).check(FIXTURE_CLASSES))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("because")
                .hasMessageContainingAll(
                        planted.stream().map(name -> FIXTURE + "." + name).toArray(String[]::new));
    }

    /** A rule that reports everything would be no rule. */
    @Test
    void aRuleReportsOnlyItsOwnViolations() {
        assertThatThrownBy(() -> Objects.requireNonNull(FIXTURE_RULES.get("store uses settings"))
                        .check(FIXTURE_CLASSES))
                .message()
                .doesNotContain(Stream.of("run.LooksIntoDispatch", "cli.LooksIntoDispatch")
                        .toArray(String[]::new));
    }

    @Test
    void everyPlantedViolationHasARule() {
        assertThat(PLANTED.keySet()).isEqualTo(PRODUCT_RULES.keySet());
    }

    @Test
    void theProductIsThere() {
        assertThat(PRODUCT_CLASSES)
                .hasSizeGreaterThan(100)
                .noneMatch(type -> type.getName().endsWith("Tests"));
    }
}
