package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the retention deletes, by runs of its own. A database's test only opens it. */
@Timeout(60)
abstract class RetentionContract {

    private static final String NAME = "metadata";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant SLOT = MutableClock.START;

    final MutableClock clock = new MutableClock();
    private Store store;
    private TestRuns runs;
    private RunHistory history;

    abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        runs = new TestRuns(store, clock, new MutableTicker(), 4);
        history = runs.history;
        runs.register(NAME, TestCollector.succeeding());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void keepsTheNewestPayloadsAndRunsOfEachCollection() {
        List<String> mine = succeedHourly(NAME, 6);
        runs.register("retired", TestCollector.succeeding());
        List<String> theirs = succeedHourly("retired", 5);
        runs.registrations.retireAllBut(Set.of(NAME));

        JsonNode deleted = retain(2, 3, Duration.ofDays(30)).path("data").path("deleted");

        assertThat(payloadRuns(NAME)).containsExactly(mine.get(5), mine.get(4));
        assertThat(runIds(NAME)).containsExactly(mine.get(5), mine.get(4), mine.get(3));
        assertThat(history.attempts(mine.get(2))).isEmpty();
        assertThat(history.attempts(mine.get(3))).hasSize(1);
        assertThat(payloadRuns("retired")).containsExactly(theirs.get(4), theirs.get(3));
        assertThat(runIds("retired")).hasSize(3);
        assertThat(deleted.path("payloads").asInt()).isEqualTo(4 + 3);
        assertThat(deleted.path("runs").asInt()).isEqualTo(3 + 2);
        assertThat(deleted.path("audit").asInt()).isZero();
    }

    @Test
    void skippedRunsTakeNobodysPlace() {
        List<String> succeeded = succeedHourly(NAME, 4);
        insertRuns(NAME, 20, clock.instant());
        store.write(jdbc -> jdbc.sql("UPDATE run SET outcome = 'SKIPPED' WHERE id LIKE 'metadata-%'")
                .update());

        retain(10, 3, Duration.ofDays(30));

        assertThat(runIds(NAME))
                .containsExactly(
                        NAME + "-19", NAME + "-18", NAME + "-17", succeeded.get(3), succeeded.get(2), succeeded.get(1));
    }

    @Test
    void neverDeletesTheNewestSuccessNorTheNewestRunNorAnUnfinishedOne() {
        String success = succeedHourly(NAME, 1).get(0);
        for (int i = 1; i <= 4; i++) {
            clock.advance(HOUR);
            Run run = runs.ledger.startAttempt(claim(NAME, i)).orElseThrow();
            AttemptEnd end = AttemptEnd.ended(RunOutcome.FAILED, "no", Duration.ZERO, false);
            runs.ledger.endAttempt(TestRuns.named(NAME), run, end, null);
        }
        String newest = runIds(NAME).get(0);
        Run unfinished = claim(NAME, 9);
        clock.advance(Duration.ofDays(400));

        retain(1, 1, Duration.ofDays(1));

        assertThat(payloadRuns(NAME)).containsExactly(success);
        assertThat(runIds(NAME)).containsExactlyInAnyOrder(newest, unfinished.id());
        assertThat(runs.record(NAME).counters().runs()).isEqualTo(5);
        JsonNode again = retain(1, 1, Duration.ofDays(1)).path("data").path("deleted");
        assertThat(again.path("runs").asInt()).isZero();
        assertThat(again.path("payloads").asInt()).isZero();
    }

    @Test
    void deletesMoreThanOneTransactionTakes() {
        runs.register("inventory", TestCollector.succeeding());
        insertRuns(NAME, 1200, SLOT.minus(Duration.ofDays(100)));
        insertRuns("inventory", 1300, SLOT.minus(HOUR));

        JsonNode deleted = retain(10, 100, Duration.ofDays(30)).path("data").path("deleted");

        assertThat(runIds(NAME)).as("by age all of them").isEmpty();
        assertThat(runIds("inventory")).hasSize(100);
        assertThat(deleted.path("runs").asInt()).isEqualTo(1200 + 1200);
        long attempts = store.read(jdbc ->
                jdbc.sql("SELECT COUNT(*) FROM attempt").query(Long.class).single());
        assertThat(attempts).isEqualTo(100);
    }

    @Test
    void deletesChangesByHandThatAreTooOld() {
        ScheduledCollection collection = runs.register(NAME, TestCollector.succeeding());
        runs.interventions.pause(collection, TestRuns.CAUSE);
        clock.advance(Duration.ofDays(31));
        runs.interventions.resume(collection, TestRuns.CAUSE);

        JsonNode payload = retain(1, 1, Duration.ofDays(30));

        assertThat(payload.at("/data/deleted/audit").asInt()).isEqualTo(1);
        assertThat(payload.at("/data/oldestKept").asString())
                .isEqualTo(clock.instant().minus(Duration.ofDays(30)).toString());
        List<String> left = store.read(jdbc -> jdbc.sql("SELECT action FROM audit WHERE collection = :name")
                .param("name", NAME)
                .query(String.class)
                .list());
        assertThat(left).containsExactly("RESUME");
    }

    @Test
    void aRowThatCannotBeReadIsInNobodysWay() {
        insertRuns(NAME, 20, SLOT.minus(HOUR));
        store.write(jdbc -> jdbc.sql("UPDATE run SET kind = 'WHIM' WHERE collection = :name AND scheduled_at < :slot")
                .param("name", NAME)
                .param("slot", SLOT.minus(HOUR).plusMillis(5).toEpochMilli())
                .update());
        store.write(jdbc -> jdbc.sql("UPDATE collection SET state = 'CONFUSED' WHERE name = :name")
                .param("name", NAME)
                .update());

        assertThat(retain(1, 10, Duration.ofDays(30)).at("/data/deleted/runs").asInt())
                .isEqualTo(10);
    }

    @Test
    void whatThereIsNoTimeForIsLeftForTheNextRun() {
        insertRuns(NAME, 20, SLOT.minus(HOUR));

        Run run = run(retention(1, 10, Duration.ofDays(30)), Duration.ofSeconds(4));

        assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.completeness()).isEqualTo(Completeness.PARTIAL);
        assertThat(run.reason()).contains("runs: there was no time for the rest");
        assertThat(runIds(NAME)).hasSize(20);
    }

    @Test
    void aStopEndsItBetweenTwoTransactions() throws Exception {
        insertRuns(NAME, 20, SLOT.minus(HOUR));
        CountDownLatch begun = new CountDownLatch(1);
        Retention retention = new Retention(
                () -> {
                    begun.countDown();
                    awaitInterrupt();
                    return store;
                },
                () -> new StoreProperties.Retention(1, 1, HOUR));
        demand(retention, Duration.ofMinutes(1));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        runs.pipeline.drain(Duration.ZERO);

        assertThat(TestRuns.newest(history, "retention", 1))
                .extracting(Run::outcome)
                .containsExactly(RunOutcome.CANCELLED);
        assertThat(runIds(NAME)).hasSize(20);
    }

    @Test
    void aCommandDeletesNothing() {
        Retention ofCommand = new Retention(() -> null, () -> new StoreProperties.Retention(1, 1, HOUR));

        Run run = run(ofCommand, Duration.ofMinutes(1));

        assertThat(run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(run.error()).contains("only the service deletes");
    }

    private List<String> succeedHourly(String name, int times) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            Run run = runs.ledger.startAttempt(claim(name, i)).orElseThrow();
            runs.ledger.endAttempt(
                    TestRuns.named(name), run, AttemptEnd.succeeded("{}", null, Duration.ofSeconds(1)), null);
            ids.add(run.id());
            clock.advance(HOUR);
        }
        return ids;
    }

    private Run claim(String name, int slot) {
        return TestRuns.claim(
                        runs.ledger,
                        TestRuns.named(name),
                        new Decision.Start(RunKind.SCHEDULE, SLOT.plus(HOUR.multipliedBy(slot)), null))
                .orElseThrow();
    }

    private void insertRuns(String name, int count, Instant from) {
        store.write(jdbc -> {
            for (int i = 0; i < count; i++) {
                jdbc.sql("""
                        INSERT INTO run (id, collection, kind, scheduled_at, state, created_at)
                        VALUES (:id, :name, 'SCHEDULE', :slot, 'FINISHED', :slot)
                        """)
                        .param("id", name + "-" + i)
                        .param("name", name)
                        .param("slot", from.toEpochMilli() + i)
                        .update();
                jdbc.sql("INSERT INTO attempt (run_id, number, instance, started_at) VALUES (:run, 1, 'x', :at)")
                        .param("run", name + "-" + i)
                        .param("at", from.toEpochMilli())
                        .update();
            }
            return null;
        });
    }

    private List<String> runIds(String name) {
        return store.read(
                jdbc -> jdbc.sql("SELECT id FROM run WHERE collection = :name ORDER BY created_at DESC, id DESC")
                        .param("name", name)
                        .query(String.class)
                        .list());
    }

    private List<String> payloadRuns(String name) {
        return TestRuns.newestPayloads(history, name, 10).stream()
                .map(Payload::runId)
                .toList();
    }

    private Retention retention(int payloads, int mostRuns, Duration age) {
        return new Retention(() -> store, () -> new StoreProperties.Retention(payloads, mostRuns, age));
    }

    /** What the run has stored. */
    private JsonNode retain(int payloads, int mostRuns, Duration age) {
        Run run = run(retention(payloads, mostRuns, age), Duration.ofMinutes(1));
        assertThat(run.outcome()).as(run.error()).isEqualTo(RunOutcome.SUCCEEDED);
        return JsonMapper.builder()
                .build()
                .readTree(history.payload(String.valueOf(run.payloadId()))
                        .orElseThrow()
                        .content());
    }

    private Run run(Retention retention, Duration timeout) {
        String id = demand(retention, timeout).id();
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> history.run(id).filter(Run::isFinished), Optional::isPresent)
                .orElseThrow();
    }

    private Run demand(Retention retention, Duration timeout) {
        ScheduledCollection collection = runs.register("retention", retention, spec -> spec.timeout = timeout);
        return Awaitility.await()
                .until(() -> runs.pipeline.demand(collection, TestRuns.CAUSE), Optional::isPresent)
                .orElseThrow();
    }

    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
