package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.collectionscheduler.run.AuditEntry.Action;
import org.collectionscheduler.run.RunStatistics.Statistics;
import org.collectionscheduler.run.RunStatistics.Window;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of many rows at once, in every kind of store. */
abstract class ReadingContract {

    private static final Instant NOW = MutableClock.START;

    final MutableClock clock = new MutableClock();
    private Store store;
    private TestRuns runs;
    private final AtomicLong nanos = new AtomicLong();
    private Ticker ticker = new MutableTicker();
    private int rows;

    abstract Store open();

    @BeforeEach
    void start() {
        store = open();
        runs = new TestRuns(store, clock, new MutableTicker(), 2);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A finished run with that duration, started that long after its slot. */
    private String finished(String collection, RunOutcome outcome, Instant end, long durationMillis, long lateMillis) {
        String id = "run-%04d".formatted(++rows);
        boolean attempted = outcome != RunOutcome.SKIPPED;
        long start = end.toEpochMilli() - durationMillis;
        store.write(jdbc -> jdbc.sql("""
                INSERT INTO run (id, collection, kind, scheduled_at, state, outcome, attempt, created_at, started_at,
                                 finished_at, duration_ms)
                VALUES (:id, :collection, 'SCHEDULE', :slot, 'FINISHED', :outcome, 1, :created, :started, :finished,
                        :duration)
                """)
                .param("id", id)
                .param("collection", collection)
                .param("slot", start - lateMillis)
                .param("outcome", outcome.name())
                .param("created", start - Math.max(0, lateMillis))
                .param("started", attempted ? (Long) start : null, Types.BIGINT)
                .param("finished", end.toEpochMilli())
                .param("duration", attempted ? (Long) durationMillis : null, Types.BIGINT)
                .update());
        return id;
    }

    private RunStatistics statistics(int kept, Duration age) {
        return new RunStatistics(store, new StoreProperties.Retention(100, kept, age), clock, ticker);
    }

    @Test
    void allRunsAreNotCountedAgainUntilThatIsLittleOfTheTime() {
        // Whatever is measured takes a second.
        ticker = () -> nanos.getAndAdd(TimeUnit.SECONDS.toNanos(1));
        RunStatistics statistics = statistics(1000, Duration.ofDays(365));
        finished("a", RunOutcome.SUCCEEDED, NOW, 1, 0);
        assertThat(succeeded(statistics, null)).isEqualTo(1);
        finished("a", RunOutcome.SUCCEEDED, NOW, 1, 1);
        assertThat(succeeded(statistics, null)).isEqualTo(1);
        assertThat(succeeded(statistics, "a")).isEqualTo(2);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(succeeded(statistics, null)).isEqualTo(2);
    }

    private static @Nullable Long succeeded(RunStatistics statistics, @Nullable String collection) {
        return statistics.statistics(collection).windows().get(0).outcomes().get(RunOutcome.SUCCEEDED);
    }

    @Test
    void whatIsReadOfAllIsWhatIsReadOfEach() {
        Random random = new Random(11);
        List<ScheduledCollection> all = new ArrayList<>();
        for (int i = 0; i < 1100; i++) {
            int minutes = 1 + random.nextInt(300);
            ScheduledCollection collection = runs.register("c" + i, TestCollector.succeeding(), spec -> {
                spec.interval = Duration.ofMinutes(minutes);
                spec.maxOverlap = 2;
            });
            all.add(collection);
            if (i % 3 == 0) {
                runs.ledger.claimDemand(collection, 2, TestRuns.CAUSE);
            }
            if (i % 6 == 0) {
                runs.ledger.claimDemand(collection, 2, TestRuns.CAUSE);
            }
            if (i % 4 == 0) {
                runs.interventions.pause(collection, TestRuns.CAUSE);
            }
            if (i % 50 == 0) {
                claimSlots(collection);
            }
            if (i % 7 == 0) {
                String id = finished("c" + i, RunOutcome.SUCCEEDED, NOW.minusSeconds(i + 9), 5, 0);
                store.write(jdbc -> jdbc.sql("UPDATE collection SET last_run_id = :id WHERE name = :name")
                        .param("id", id)
                        .param("name", collection.name())
                        .update());
            }
        }
        for (Duration step : List.of(Duration.ZERO, Duration.ofHours(7), Duration.ofHours(-12))) {
            clock.advance(step);
            Map<String, Standing> standings = runs.pipeline.standings(all);
            assertThat(standings.keySet())
                    .containsExactlyElementsOf(
                            all.stream().map(ScheduledCollection::name).toList());
            all.forEach(collection -> assertThat(standings.get(collection.name()))
                    .isEqualTo(runs.pipeline.standings(List.of(collection)).get(collection.name())));
        }
        assertThat(runs.pipeline.standings(List.of())).isEmpty();
    }

    /** As they are when the clock was ahead. */
    private void claimSlots(ScheduledCollection collection) {
        Instant slot = clock.instant();
        for (int i = 0; i < 3; i++) {
            slot = collection.rules().schedule().nextAfter(slot).orElseThrow();
            Instant last = slot;
            TestRuns.skip(runs.ledger, collection.name(), new Decision.Skip(SlotRange.of(last), SkipReason.OVERLAP));
        }
    }

    private static @Nullable CollectionState stateOf(@Nullable Standing standing) {
        return standing == null ? null : standing.record().state();
    }

    @Test
    void damagedRowsAreQuarantinedBesideWholeOnes() {
        ScheduledCollection whole = runs.register("whole", TestCollector.succeeding());
        ScheduledCollection damaged = runs.register("damaged", TestCollector.succeeding());
        store.write(jdbc -> jdbc.sql("UPDATE collection SET declared_by = 'X' WHERE name = 'damaged'")
                .update());
        assertThat(runs.pipeline.standings(List.of(whole, damaged))).satisfies(standings -> {
            assertThat(stateOf(standings.get("whole"))).isEqualTo(CollectionState.ACTIVE);
            assertThat(stateOf(standings.get("damaged"))).isEqualTo(CollectionState.QUARANTINED);
        });
        // However often: what is read leaves no connection behind.
        for (int i = 0; i < 30; i++) {
            assertThat(runs.history.collections()).hasSize(2);
            assertThat(runs.pipeline.standings(List.of(whole, damaged))).hasSize(2);
        }
    }

    /** Of any kind that the column takes; {@code column} says which it is. */
    final void damage(String table, String id, String column, String value) {
        store.write(
                jdbc -> jdbc.sql("UPDATE " + table + " SET " + column + " = '" + value + "' WHERE id = '" + id + "'")
                        .update());
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind", "state", "outcome", "completeness"})
    final void aRunThatCannotBeReadIsLeftOut(String column) {
        aDamagedRunIsLeftOut(column, "?");
    }

    @Test
    final void aChangeByHandThatCannotBeReadIsLeftOut() {
        aDamagedChangeIsLeftOut("action", "?");
    }

    /** Whatever shows more than one run shows the others. */
    final void aDamagedRunIsLeftOut(String column, String value) {
        ScheduledCollection sick = runs.register("sick", TestCollector.succeeding());
        ScheduledCollection well = runs.register("well", TestCollector.succeeding());
        String whole = finished("well", RunOutcome.SUCCEEDED, NOW.minusSeconds(9), 8, 7);
        String damaged = finished("sick", RunOutcome.SUCCEEDED, NOW.minusSeconds(6), 5, 4);
        store.write(jdbc -> jdbc.sql("UPDATE collection SET last_run_id = '" + damaged + "' WHERE name = 'sick'")
                .update());
        damage("run", damaged, column, value);
        for (Instant now : List.of(NOW, NOW.minus(Duration.ofHours(3)))) {
            clock.set(now);
            assertThat(runs.pipeline.standings(List.of(sick, well))).containsOnlyKeys("sick", "well");
        }
        clock.set(NOW);
        List<String> listed = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        @Nullable RowPosition after = null;
        int parts = 0;
        do {
            HistoryPage<Run> page = runs.history.runs(any(), after, 1);
            page.rows().forEach(run -> listed.add(run.id()));
            unreadable.addAll(page.unreadable());
            after = page.last();
        } while (after != null && ++parts < 5);
        assertThat(listed).containsExactly(whole);
        assertThat(unreadable).containsExactly(damaged);
        assertThat(runs.history.active()).isEmpty();
        RunStatistics statistics = statistics(1, Duration.ofDays(365));
        assertThat(statistics.ratesSince(NOW.minusSeconds(60))).containsEntry("well", new RunStatistics.Rate(1, 0));
        Window hour = statistics.statistics(null).windows().get(0);
        assertThat(hour.duration().max()).isEqualTo(millis(8));
        assertThat(hour.lateness().max()).isEqualTo(millis(7));
        assertThat(statistics.statistics("sick").windows()).hasSize(3);
    }

    final void aDamagedChangeIsLeftOut(String column, String value) {
        ScheduledCollection collection = runs.register("well", TestCollector.succeeding());
        runs.interventions.pause(collection, TestRuns.CAUSE);
        clock.advance(Duration.ofSeconds(1));
        runs.interventions.resume(collection, TestRuns.CAUSE);
        String newest = runs.history.audit(null, null, 1).rows().get(0).id();
        damage("audit", newest, column, value);
        HistoryPage<AuditEntry> first = runs.history.audit(null, null, 1);
        assertThat(first.unreadable()).containsExactly(newest);
        assertThat(runs.history.audit(null, first.last(), 1)).satisfies(second -> {
            assertThat(second.rows()).extracting(AuditEntry::action).containsExactly(Action.PAUSE);
            assertThat(second.last()).isNull();
        });
    }

    @Test
    void runsAreReadInPartsHoweverManyBeganAtOneMoment() {
        for (int i = 0; i < 25; i++) {
            finished(i % 2 == 0 ? "even" : "odd", RunOutcome.SUCCEEDED, NOW.minusSeconds(i / 10), 10, -i);
        }
        String broken = finished("odd", RunOutcome.FAILED, NOW.minusSeconds(1), 10, -99);
        store.write(jdbc -> jdbc.sql("UPDATE run SET state = '?' WHERE id = :id")
                .param("id", broken)
                .update());
        List<String> ids = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        @Nullable RowPosition after = null;
        int parts = 0;
        do {
            HistoryPage<Run> page = runs.history.runs(any(), after, 4);
            page.rows().forEach(run -> ids.add(run.id()));
            unreadable.addAll(page.unreadable());
            after = page.last();
            // What is new comes before what has been read.
            finished("new", RunOutcome.SUCCEEDED, NOW.plusSeconds(parts++), 10, 0);
        } while (after != null);
        assertThat(ids).hasSize(25).doesNotHaveDuplicates();
        assertThat(unreadable).containsExactly(broken);
        assertThat(runs.history.runs(filter("odd", null), null, 100).rows()).hasSize(12);
        assertThat(runs.history.runs(filter(null, RunOutcome.FAILED), null, 100).unreadable())
                .containsExactly(broken);
        assertThat(runs.history.runs(filter("none", null), null, 100).rows()).isEmpty();
    }

    private static RunFilter any() {
        return filter(null, null);
    }

    private static RunFilter filter(@Nullable String collection, @Nullable RunOutcome outcome) {
        return new RunFilter(collection, outcome, null, null, null, null);
    }

    @Test
    void everyConditionOfAFilterCounts() {
        finished("a", RunOutcome.SUCCEEDED, NOW, 0, 0);
        Instant created = NOW;
        assertThat(count(new RunFilter(
                        "a",
                        RunOutcome.SUCCEEDED,
                        RunKind.SCHEDULE,
                        RunState.FINISHED,
                        created,
                        created.plusMillis(1))))
                .isOne();
        assertThat(count(new RunFilter(null, null, RunKind.DEMAND, null, null, null)))
                .isZero();
        assertThat(count(new RunFilter(null, null, null, RunState.WAITING, null, null)))
                .isZero();
        assertThat(count(new RunFilter(null, null, null, null, created.plusMillis(1), null)))
                .isZero();
        assertThat(count(new RunFilter(null, null, null, null, null, created))).isZero();
    }

    private int count(RunFilter filter) {
        return runs.history.runs(filter, null, 10).rows().size();
    }

    @Test
    void changesByHandAreReadInParts() {
        for (int i = 0; i < 7; i++) {
            AuditEntry entry =
                    AuditEntry.of("id-" + i, NOW.plusSeconds(i / 3), Action.PAUSE, "c" + i % 2, TestRuns.CAUSE);
            store.write(jdbc -> {
                AuditRepository.insert(jdbc, entry);
                return null;
            });
        }
        List<String> ids = new ArrayList<>();
        @Nullable RowPosition after = null;
        do {
            HistoryPage<AuditEntry> page = runs.history.audit(null, after, 2);
            page.rows().forEach(entry -> ids.add(entry.id()));
            after = page.last();
        } while (after != null);
        assertThat(ids).containsExactly("id-6", "id-5", "id-4", "id-3", "id-2", "id-1", "id-0");
        assertThat(runs.history.audit("c1", null, 10).rows()).hasSize(3);
        store.write(jdbc ->
                jdbc.sql("UPDATE audit SET action = 'DANCE' WHERE id = 'id-5'").update());
        assertThat(runs.history.audit(null, null, 10).unreadable()).containsExactly("id-5");
    }

    @Test
    void percentilesAreThoseOfTheSortedValues() {
        Random random = new Random(5);
        List<Long> durations = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long duration = random.nextInt(40) * random.nextInt(40);
            durations.add(duration);
            finished(i % 2 == 0 ? "a" : "b", RunOutcome.SUCCEEDED, NOW.minusSeconds(i), duration, i - 50);
        }
        finished("a", RunOutcome.SKIPPED, NOW.minusSeconds(3), 0, 0);
        durations.sort(null);
        Window hour = statistics(1000, Duration.ofDays(365))
                .statistics(null)
                .windows()
                .get(0);
        assertThat(hour.duration())
                .isEqualTo(new Percentiles(
                        200,
                        millis(durations.get(99)),
                        millis(durations.get(179)),
                        millis(durations.get(197)),
                        millis(durations.get(199))));
        assertThat(hour.lateness())
                .as("a start before its slot is not late")
                .isEqualTo(new Percentiles(200, millis(49), millis(129), millis(147), millis(149)));
        assertThat(hour.outcomes()).containsEntry(RunOutcome.SUCCEEDED, 200L).containsEntry(RunOutcome.SKIPPED, 1L);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    @Test
    void eachWindowCountsWhatEndedInIt() {
        finished("a", RunOutcome.SUCCEEDED, NOW.minus(Duration.ofMinutes(59)), 1, 0);
        finished("a", RunOutcome.FAILED, NOW.minus(Duration.ofHours(2)), 2, 0);
        finished("a", RunOutcome.CANCELLED, NOW.minus(Duration.ofHours(3)), 3, 0);
        finished("a", RunOutcome.TIMED_OUT, NOW.minus(Duration.ofDays(3)), 4, 0);
        finished("a", RunOutcome.ABANDONED, NOW.minus(Duration.ofDays(8)), 5, 0);
        finished("b", RunOutcome.ABANDONED, NOW.minus(Duration.ofDays(6)), 6, 0);
        Statistics ofA = statistics(1000, Duration.ofDays(365)).statistics("a");
        assertThat(ofA.windows()).extracting(Window::successRate).containsExactly(1.0, 0.5, 1 / 3.0);
        assertThat(ofA.windows())
                .extracting(window -> window.duration().count())
                .containsExactly(1L, 3L, 4L);
        Statistics ofAll = statistics(1000, Duration.ofDays(365)).statistics(null);
        assertThat(ofAll.windows().get(2).outcomes().get(RunOutcome.ABANDONED)).isEqualTo(1);
        assertThat(statistics(1000, Duration.ofDays(365))
                        .statistics("none")
                        .windows()
                        .get(2)
                        .successRate())
                .isNull();
        assertThat(statistics(1, Duration.ofDays(1)).ratesSince(NOW.minus(Duration.ofDays(7))))
                .containsEntry("a", new RunStatistics.Rate(1, 2))
                .containsEntry("b", new RunStatistics.Rate(0, 1));
    }

    @Test
    void numbersSayFromWhenOnTheyAreWhole() {
        Instant oldest = NOW.minus(Duration.ofHours(5));
        for (int i = 0; i < 5; i++) {
            finished("busy", RunOutcome.SUCCEEDED, oldest.plusSeconds(i), 1, 0);
        }
        finished("calm", RunOutcome.SUCCEEDED, NOW.minus(Duration.ofDays(6)), 1, 0);
        finished("busy", RunOutcome.SKIPPED, oldest.plusSeconds(5), 1, 0);
        assertThat(statistics(6, Duration.ofDays(365)).statistics(null).completeSince())
                .isNull();
        assertThat(statistics(5, Duration.ofDays(365)).statistics(null).completeSince())
                .isEqualTo(oldest);
        assertThat(statistics(5, Duration.ofDays(365)).statistics("calm").completeSince())
                .isNull();
        assertThat(statistics(6, Duration.ofHours(3)).statistics(null).completeSince())
                .isEqualTo(NOW.minus(Duration.ofHours(3)));
    }

    @Test
    void unfinishedRunsAreCountedByState() {
        runs.ledger.claimDemand(runs.register("a", TestCollector.succeeding()), 1, TestRuns.CAUSE);
        Run second = runs.ledger
                .claimDemand(runs.register("b", TestCollector.succeeding()), 1, TestRuns.CAUSE)
                .orElseThrow();
        runs.ledger.startAttempt(second);
        RunStatistics statistics = statistics(1000, Duration.ofDays(365));
        assertThat(statistics.statistics(null).unfinished())
                .isEqualTo(Map.of(RunState.WAITING, 1L, RunState.RUNNING, 1L, RunState.RETRYING, 0L));
        assertThat(statistics.statistics("b").unfinished()).containsEntry(RunState.WAITING, 0L);
    }
}
