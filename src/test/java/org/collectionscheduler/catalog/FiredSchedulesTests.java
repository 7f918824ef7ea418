package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.collectionscheduler.dispatch.DispatcherContract.Engine;
import org.collectionscheduler.dispatch.local.LocalEngine;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.WrittenSettings;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of schedule, from its YAML to its stored runs, through the dispatcher of a single process. */
@Timeout(60)
class FiredSchedulesTests {

    private static final String NAME = "it";

    private final List<Runnable> closing = new ArrayList<>();
    private @Nullable TestRuns runs;
    private @Nullable Catalog catalog;

    @AfterEach
    void close() {
        for (int i = closing.size(); i > 0; i--) {
            closing.get(i - 1).run();
        }
    }

    static Stream<Arguments> kinds() {
        return Stream.of(
                Arguments.of(
                        "interval: 36h",
                        List.of("2026-03-28T00:00:00Z", "2026-03-29T12:00:00Z", "2026-03-31T00:00:00Z")),
                Arguments.of(
                        "{cron: '30 2 * * *', zone: Europe/Berlin}",
                        // The clocks go forward on the 29th, from 02:00 to 03:00.
                        List.of("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")),
                Arguments.of(
                        "{cron: '0 */30 1-3 29 MAR ?', zone: Europe/Berlin}",
                        List.of(
                                "2026-03-29T00:00:00Z",
                                "2026-03-29T00:30:00Z",
                                "2026-03-29T01:00:00Z",
                                "2026-03-29T01:30:00Z")),
                Arguments.of(
                        "weekly: {days: [SAT, SUN], time: '18:00', zone: Europe/Berlin}",
                        List.of("2026-03-28T17:00:00Z", "2026-03-29T16:00:00Z", "2026-04-04T16:00:00Z")),
                Arguments.of("at: 2026-03-29T18:00:00+02:00", List.of("2026-03-29T16:00:00Z")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void eachSlotIsServedWhenTheClockComesToIt(String schedule, List<String> slots) {
        MutableClock clock = new MutableClock();
        clock.set(Instant.parse("2026-03-28T00:00:00Z"));
        Store store = closing(TestStores.sqliteMemory(clock));
        Engine engine = start(store, clock, schedule);
        int served = 0;
        for (String text : slots) {
            Instant slot = Instant.parse(text);
            if (slot.isAfter(clock.instant())) {
                assertThat(catalog().status(NAME).orElseThrow().nextRunAt()).isEqualTo(slot);
                clock.set(slot.minusMillis(1));
                engine.dispatcher().rearm();
                clock.set(slot);
                engine.dispatcher().rearm();
            }
            awaitFinished(++served);
            assertThat(finished().get(0).scheduledAt()).isEqualTo(slot);
        }

        assertThat(finished()).hasSize(slots.size()).allSatisfy(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(run.kind()).isEqualTo(RunKind.SCHEDULE);
        });
        boolean once = schedule.startsWith("at");
        assertThat(catalog().status(NAME).orElseThrow().state())
                .isEqualTo(once ? CollectionState.COMPLETED : CollectionState.ACTIVE);
    }

    @Test
    void eachKindIsServedInRealTime() {
        Clock clock = Clock.tickMillis(ZoneOffset.UTC);
        Instant soon = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3);
        Store store = closing(TestStores.sqliteMemory(clock));
        start(store, clock, """
                scheduler.collections:
                  interval: {interval: 1s, collector: it}
                  cron: {cron: '* * * * * *', collector: it}
                  weekly: {collector: it, weekly: {days: 'MON,TUE,WED,THU,FRI,SAT,SUN', time: '%s'}}
                  at: {at: %s, collector: it}
                """.formatted(soon.atOffset(ZoneOffset.UTC).toLocalTime(), soon));

        quickly()
                .until(() -> Stream.of("weekly", "at")
                        .allMatch(name -> finished(name).size() == 1));
        quickly()
                .until(() -> Stream.of("interval", "cron")
                        .allMatch(name -> finished(name).size() >= 3));

        for (String name : List.of("interval", "cron", "weekly", "at")) {
            assertThat(finished(name)).allSatisfy(run -> {
                assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
                assertThat(run.startedAt()).isAfterOrEqualTo(run.scheduledAt());
            });
            assertThat(finished(name)).extracting(Run::scheduledAt).doesNotHaveDuplicates();
        }
        assertThat(finished("cron"))
                .allSatisfy(run -> assertThat(
                                Objects.requireNonNull(run.scheduledAt()).getNano())
                        .isZero());
        assertThat(finished("weekly")).extracting(Run::scheduledAt).containsExactly(soon);
        assertThat(finished("at")).extracting(Run::scheduledAt).containsExactly(soon);
        assertThat(catalog().status("at").orElseThrow().state()).isEqualTo(CollectionState.COMPLETED);
    }

    /** A one-time slot that came while nothing ran, this long before the next start. */
    @ParameterizedTest
    @CsvSource({
        "PT0S, SCHEDULE, SUCCEEDED",
        "PT30S, SCHEDULE, SUCCEEDED",
        "PT4M59S, CATCH_UP, SUCCEEDED",
        "PT5M, CATCH_UP, SUCCEEDED",
        "PT5M0.001S, SCHEDULE, SKIPPED",
        "PT72H, SCHEDULE, SKIPPED"
    })
    void aOneTimeSlotThatCameDuringDowntimeRunsWithinItsDeadlineOrIsSkippedOnce(
            Duration late, RunKind kind, RunOutcome outcome) {
        MutableClock clock = new MutableClock();
        Instant slot = clock.instant().plus(Duration.ofHours(1));
        Store store = closing(TestStores.sqliteMemory(clock));
        String schedule = "at: " + slot;
        start(store, clock, schedule).dispatcher().stop();
        assertThat(finished()).isEmpty();
        clock.set(slot.plus(late));

        Engine next = start(store, clock, schedule);
        awaitFinished(1);
        quickly().until(() -> catalog().status(NAME).orElseThrow().state() == CollectionState.COMPLETED);
        next.dispatcher().stop();
        for (int i = 0; i < 2; i++) {
            clock.advance(Duration.ofMinutes(2));
            Engine again = start(store, clock, schedule);
            assertThat(runs().wake(catalog().scheduled(NAME).orElseThrow())).isEmpty();
            again.dispatcher().stop();
        }

        assertThat(finished()).singleElement().satisfies(run -> {
            assertThat(run.kind()).isEqualTo(kind);
            assertThat(run.outcome()).isEqualTo(outcome);
            assertThat(run.reason()).isEqualTo(outcome == RunOutcome.SKIPPED ? "start-deadline" : null);
            assertThat(run.scheduledAt()).isEqualTo(slot);
        });
        CollectionStatus status = catalog().status(NAME).orElseThrow();
        assertThat(status.state()).isEqualTo(CollectionState.COMPLETED);
        assertThat(status.nextRunAt()).isNull();
        assertThat(status.record().counters().runs()
                        + status.record().counters().skipped())
                .isEqualTo(1);
    }

    private Store closing(Store store) {
        closing.add(store::close);
        return store;
    }

    /** A process on that store. */
    private Engine start(Store store, Clock clock, String yaml) {
        String whole = yaml.startsWith("scheduler") ? yaml : "scheduler.collections.it: " + inBraces(yaml);
        BoundSettings settings = WrittenSettings.yaml(whole).bind(DefinitionsTests.TYPES);
        List<Definition> definitions = Definitions.of(
                settings::get,
                List.of(new TestCollector(NAME, true, context -> TestCollector.data())),
                new CollectorParameters(settings),
                problem -> {
                    throw new AssertionError(problem.toString());
                });
        TestRuns process = new TestRuns(store, clock, System::nanoTime, 4);
        Catalog shown =
                new Catalog(process.registrations, process.interventions, process.pipeline, Agreement.ALONE, clock);
        Engine engine = LocalEngine.of(process.pipeline, clock);
        runs = process;
        catalog = shown;
        closing.add(engine.close());
        process.events.listen(engine.listener());
        new Collections(
                        shown,
                        new Collections.Engine(process.interventions, process.pipeline, engine.dispatcher()),
                        new ProcessDefinitions(settings::get),
                        "a seed")
                .start(definitions);
        return engine;
    }

    private TestRuns runs() {
        return Objects.requireNonNull(runs, "started");
    }

    private Catalog catalog() {
        return Objects.requireNonNull(catalog, "started");
    }

    private static String inBraces(String yaml) {
        return yaml.startsWith("{") ? yaml : "{" + yaml + "}";
    }

    private List<Run> finished() {
        return finished(NAME);
    }

    /** Newest first. */
    private List<Run> finished(String name) {
        return TestRuns.newest(runs().history, name, 100).stream()
                .filter(Run::isFinished)
                .toList();
    }

    private void awaitFinished(int count) {
        quickly()
                .until(() ->
                        finished().size() == count && runs().history.active().isEmpty());
    }

    private static ConditionFactory quickly() {
        return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(10));
    }
}
