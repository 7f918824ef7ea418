package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.collectionscheduler.run.ClaimsHeldException;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.Coalescer;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.collectionscheduler.store.UnreliableDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the row of one collection in the engine's table when others write it at the same moment, or lose it. */
@Timeout(60)
class WakeRowsTests {

    private static final String NAME = "collection";
    private static final Duration SOON = Duration.ofSeconds(3);

    private final DatabaseServer server = TestStores.server();
    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final Store store = TestStores.shared(server, clock);
    private final ClusterProcess process = new ClusterProcess(server, store, clock, 4);
    private final ScheduledCollection collection = process.runs.register(NAME, TestCollector.succeeding());

    @AfterEach
    void close() {
        process.dispatcher.stop();
        process.close();
        store.close();
    }

    @Test
    void whoeverHasWhatIsBeingWokenWokenAgainDoesNotGiveUpBeforeThatIsOver() {
        process.wakes.ensure(List.of(collection));
        isWokenAt(WakeTable.PARKED);
        isBeingWoken();

        free();
        await().during(Duration.ofMillis(600)).until(() -> dueAt().equals(WakeTable.PARKED));
        isWokenAt(WakeTable.PARKED);

        await().atMost(SOON).until(() -> !dueAt().isAfter(clock.instant()));
    }

    @Test
    void anEngineThatLeavesLyingWhatIsDueIsFoundOut() {
        process.dispatcher.start(List.of(collection));
        await().until(() -> dueAt().isAfter(clock.instant()));
        assertThat(process.engine.leavesDue()).isFalse();

        process.runs.gate.hold("test", "nothing is taken");
        isDueSince(clock.instant().minusSeconds(30));
        assertThat(process.engine.leavesDue()).as("for a moment only").isFalse();
        isDueSince(clock.instant().minusSeconds(90));
        assertThat(process.engine.leavesDue()).isTrue();
        process.jdbc()
                .sql("UPDATE dispatch_task SET task_name = 'unknown here'")
                .update();
        assertThat(process.engine.leavesDue()).as("others have to").isFalse();

        process.close();
        assertThat(process.engine.leavesDue()).as("nobody knows").isTrue();
    }

    private void isDueSince(Instant at) {
        process.jdbc()
                .sql("UPDATE dispatch_task SET picked = FALSE, execution_time = :at WHERE task_instance = :name")
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("name", NAME)
                .update();
    }

    @Test
    void whatWasBeingWokenAMomentAgoIsWokenAgainAllTheSame() {
        process.wakes.ensure(List.of(collection));
        isWokenAt(WakeTable.PARKED);
        isBeingWoken();
        AtomicInteger asked = new AtomicInteger();
        process.beside.watch(sql -> {
            if (sql.contains("picked = TRUE")) {
                asked.incrementAndGet();
                isWokenAt(WakeTable.PARKED);
            }
        });

        free();

        await().atMost(SOON).until(() -> !dueAt().isAfter(clock.instant()));
        assertThat(asked).hasValue(1);
    }

    /** Two that each hold a row that the other one wants would wait for each other for ever. */
    @Test
    void rowsThatAreWrittenTogetherAreTakenInTheOrderOfTheirNames() throws Exception {
        process.wakes.ensure(Stream.of("a", "b", "x", "y")
                .map(name -> process.runs.register(name, TestCollector.succeeding()))
                .toList());
        try (HikariDataSource two = server.hastyPool("two", 2);
                Connection first = hold("x");
                Connection second = hold("y");
                Connection held = hold("a")) {
            WakeTable wakes = new WakeTable(two, Coalescer.ofStatements(two), clock);
            List<Thread> threads = new ArrayList<>();
            for (String name : List.of("x", "y")) {
                threads.add(writing(wakes, name));
            }
            await().until(() -> waitingForRows() == 2);
            for (String name : List.of("b", "a")) {
                Thread thread = writing(wakes, name);
                threads.add(thread);
                await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            }

            // While y is under way, nobody leads beside whoever follows x: b, which takes a with it.
            first.rollback();

            await().until(() -> hasEnded(threads.get(0)) && waitingForRows() == 2);
            hold("b").close();
            held.rollback();
            second.rollback();
            for (Thread thread : threads) {
                await().until(() -> hasEnded(thread));
            }
        }
        assertThat(process.jdbc()
                        .sql("SELECT task_instance FROM dispatch_task WHERE execution_time = :parked ORDER BY 1")
                        .param("parked", WakeTable.PARKED.atOffset(ZoneOffset.UTC))
                        .query(String.class)
                        .list())
                .containsExactly("a", "b", "x", "y");
    }

    private static boolean hasEnded(Thread thread) {
        return thread.getState() == Thread.State.TERMINATED;
    }

    private static Thread writing(WakeTable wakes, String name) {
        Thread thread =
                new Thread(() -> wakes.woken(TaskInstanceId.of("probe", name), 1, WakeTable.PARKED), "writing-" + name);
        thread.start();
        return thread;
    }

    /** Nobody else writes those rows until it ends; fails when somebody does already. */
    private Connection hold(String... names) throws SQLException {
        Connection connection = server.connect();
        connection.setAutoCommit(false);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT 1 FROM dispatch_task WHERE task_instance = ANY (?) FOR UPDATE NOWAIT")) {
            statement.setArray(1, connection.createArrayOf("text", names));
            statement.executeQuery().close();
        }
        return connection;
    }

    private int waitingForRows() {
        return process.jdbc().sql("""
                        SELECT COUNT(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND wait_event_type = 'Lock'
                        """).query(Integer.class).single();
    }

    @Test
    void whoeverLooksAfterWhatIsLeftToNobodyWaitsForNoRowThatSomebodyElseWrites() throws Exception {
        process.wakes.ensure(Stream.of("held", "free")
                .map(name -> process.runs.register(name, TestCollector.succeeding()))
                .toList());
        isWokenAt(WakeTable.PARKED);
        for (String name : List.of("held", "free")) {
            process.jdbc().sql("""
                            INSERT INTO run (id, collection, kind, state, attempt, created_at, instance)
                            VALUES (:name, :name, 'DEMAND', 'WAITING', 0, 1, 'gone')
                            """).param("name", name).update();
        }
        try (Connection held = hold("held")) {
            assertThat(process.wakes.wakeAbandoned()).isEqualTo(1);
            held.rollback();
        }
        isWokenAt(WakeTable.PARKED);
        try (Connection held = hold("held")) {
            assertThat(process.wakes.wakeWaitingOf("gone")).isEqualTo(1);
            held.rollback();
        }
        assertThat(process.wakes.wakeAbandoned()).isEqualTo(1);
    }

    @Test
    void aRowOfACollectorThatThisProcessLacksIsGivenBackSoon() {
        start();
        await().until(() -> finished() == 1 && process.rows(NAME) == 1);

        takenBy("others", PollingEngine.taker(process.runs.instance.id(), 1));
        takenBy("too", "somebody else");

        await().atMost(SOON).until(() -> isPicked("others"), picked -> !picked);
        assertThat(isPicked("too")).isTrue();
    }

    @Test
    void theEngineIsAnotherOneAfterAStepOfTheClock() {
        start();
        await().until(() -> finished() == 1 && process.rows(NAME) == 1);

        process.dispatcher.rearm();

        takenBy("others", PollingEngine.taker(process.runs.instance.id(), 2));
        await().atMost(Duration.ofSeconds(10)).until(() -> isPicked("others"), picked -> !picked);
    }

    /** By the clock of whoever looks, which may be wrong, it would be moved to another time. */
    @Test
    void whatSomebodyDeadWasWakingIsDueAsItWas() {
        start();
        await().until(() -> finished() == 1 && process.rows(NAME) == 1);
        process.runs.gate.hold("test", "nothing is taken");
        Instant before = clock.instant().minusSeconds(100);
        process.jdbc().sql("""
                        UPDATE dispatch_task SET picked = TRUE, picked_by = 'dead', last_heartbeat = :before,
                               execution_time = :before, version = version + 1
                        """).param("before", time(before)).update();

        await().atMost(Duration.ofSeconds(20)).until(() -> isPicked(NAME), picked -> !picked);

        assertThat(dueAt()).isEqualTo(before);
    }

    /** Its collector is one that this process lacks. */
    private void takenBy(String collection, String taker) {
        process.jdbc()
                .sql("""
                        INSERT INTO dispatch_task (task_name, task_instance, execution_time, picked, picked_by,
                                                   last_heartbeat, version)
                        VALUES ('lacking', :collection, :later, TRUE, :taker, :later, 1)
                        """)
                .param("collection", collection)
                .param("later", time(clock.instant().plusSeconds(600)))
                .param("taker", taker)
                .update();
    }

    private boolean isPicked(String collection) {
        return process.jdbc()
                .sql("SELECT picked FROM dispatch_task WHERE task_instance = :name")
                .param("name", collection)
                .query(Boolean.class)
                .single();
    }

    @Test
    void aClaimThatWasStoredAndNotAcknowledgedIsGoneOnWithByWhoeverMadeIt() {
        UnreliableDataSource database = TestStores.unreliableDatabase(server);
        try (Store unreliable = TestStores.sharedUnreliable(database, clock);
                ClusterProcess other = new ClusterProcess(server, unreliable, clock, 4)) {
            other.runs.pipeline.starting(List.of(collection));
            database.loseAcknowledgements(Integer.MAX_VALUE);
            other.dispatcher.start(List.of(collection));
            await().until(() -> process.runs.history.active().size() == 1);
            await().until(() -> dueAt().isAfter(clock.instant().plusSeconds(1)));

            database.loseAcknowledgements(0);
            isWokenAt(WakeTable.PARKED);

            await().atMost(Duration.ofSeconds(10))
                    .until(() -> process.runs.history.active().get(0).state() == RunState.RETRYING);
            other.dispatcher.stop();
        }
    }

    /** It may be too late by a clock that is wrong. */
    @Test
    void nothingIsGivenUpWhileNothingMayBeClaimed() {
        process.runs.pipeline.starting(List.of(collection));
        process.jdbc()
                .sql("""
                        INSERT INTO run (id, collection, kind, state, attempt, next_attempt_at, created_at, instance)
                        VALUES ('again', :name, 'DEMAND', 'RETRYING', 1, :later, 1, 'gone')
                        """)
                .param("name", NAME)
                .param("later", clock.instant().plusSeconds(3600).toEpochMilli())
                .update();
        process.runs.gate.hold("test", "nothing is claimed");

        assertThatThrownBy(() -> process.runs.pipeline.wake(collection)).isInstanceOf(ClaimsHeldException.class);
        assertThat(process.runs.history.active()).extracting(Run::state).containsExactly(RunState.RETRYING);

        process.runs.gate.release("test");
        process.runs.pipeline.wake(collection);
        assertThat(finished()).as("its next slot has come").isGreaterThanOrEqualTo(1);
    }

    @Test
    void whatCouldNotBeClaimedIsWokenOnceItCan() {
        process.runs.gate.hold("test", "nothing is claimed");
        start();
        process.dispatcher.rearm();
        await().during(Duration.ofSeconds(1))
                .until(() -> process.runs.history.active().isEmpty() && finished() == 0);
        isWokenAt(WakeTable.PARKED);

        process.runs.gate.release("test");

        await().atMost(Duration.ofSeconds(3)).until(() -> finished() == 1);
    }

    @Test
    void ofWhatCouldNotBeClaimedTheOthersAreToldOnceThisProcessHasStopped() {
        process.runs.gate.hold("test", "nothing is claimed");
        start();
        process.dispatcher.rearm();
        await().during(Duration.ofSeconds(1))
                .until(() -> process.runs.history.active().isEmpty() && finished() == 0);
        process.dispatcher.stop();
        isWokenAt(clock.instant().plus(Duration.ofHours(1)));

        process.runs.gate.release("test");

        await().atMost(SOON).until(() -> !dueAt().isAfter(clock.instant()));
    }

    @Test
    void whatCouldNotBeHandedOverAtAStopIsHandedOverLater() {
        AtomicInteger asked = new AtomicInteger();
        start();
        await().until(() -> finished() == 1);
        process.beside.watch(sql -> {
            if (sql.contains("'WAITING'") && asked.incrementAndGet() == 1) {
                throw new SQLTransientConnectionException("away");
            }
        });

        process.dispatcher.stop();

        assertThat(asked).hasValue(1);
        await().atMost(Duration.ofSeconds(15)).until(() -> asked.get() == 2);
    }

    @Test
    void enginesOfLongNamesDiffer() {
        String host = "h".repeat(80);

        assertThat(PollingEngine.taker("1@" + host + "-abcd", 12)).hasSize(50).endsWith("-abcd~12");
        assertThat(PollingEngine.taker("1@host-abcd", 1)).isEqualTo("1@host-abcd~1");
    }

    @Test
    void aRowThatTheDatabaseHasLostIsThereAgainWhenItIsBack() {
        start();
        await().until(() -> finished() == 1 && process.rows(NAME) == 1);
        process.jdbc().sql("DELETE FROM dispatch_task").update();

        process.dispatcher.databaseIsBack();

        await().until(() -> process.rows(NAME) == 1);
        await().until(() -> dueAt().isAfter(clock.instant()) && dueAt().isBefore(WakeTable.PARKED));
    }

    @Test
    void aParkedRowIsDueWhenItsCollectionIsDeclaredAgain() {
        process.wakes.ensure(List.of(collection));
        isWokenAt(WakeTable.PARKED);

        process.wakes.ensure(List.of(collection));

        assertThat(dueAt()).isBeforeOrEqualTo(clock.instant());
    }

    @Test
    void aRowOfWhatNobodyDeclaresAnyMoreIsLookedAtOnce() {
        start();
        await().until(() -> finished() == 1);
        process.runs.interventions.remove(NAME, TestRuns.CAUSE);
        process.dispatcher.remove(NAME);

        insertDue();

        await().until(() -> dueAt().equals(WakeTable.PARKED));
    }

    @Test
    void aRowOfWhatOthersServeIsLeftToThem() {
        start();
        await().until(() -> finished() == 1);
        process.dispatcher.remove(NAME);

        isWokenAt(clock.instant());

        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> dueAt().isBefore(clock.instant().plus(SOON)));
    }

    @Test
    void aRowThatNobodyTakesIsLookedAtMoreAndMoreSeldom() {
        start();
        await().until(() -> finished() == 1);
        process.dispatcher.remove(NAME);

        isWokenAt(clock.instant());

        await().atMost(Duration.ofSeconds(15))
                .until(() -> dueAt().isAfter(clock.instant().plusMillis(1500)));
    }

    @Test
    void whoeverJoinsAndARunThatIsUnfinishedCountAsProgress() {
        start();
        await().until(() -> finished() == 1);
        process.dispatcher.stop();
        String before = progress();
        assertThat(progress()).isEqualTo(before);

        process.table.join(TestRuns.anInstance(), null);

        String joined = progress();
        assertThat(joined).isNotEqualTo(before);
        assertThat(progress()).isEqualTo(joined);
        process.jdbc().sql("UPDATE run SET state = 'WAITING'").update();
        assertThat(progress()).isNotEqualTo(progress());
    }

    private String progress() {
        return process.wakes.progress(NAME, collection.collector().name()).orElseThrow();
    }

    @Test
    void whatIsLeftToOthersIsNoFaultOfTheServiceWhenTheDatabaseDoesNotAnswer() {
        AtomicInteger asked = new AtomicInteger();
        start();
        await().until(() -> finished() == 1);
        process.dispatcher.remove(NAME);
        process.beside.watch(sql -> {
            if (sql.contains("'QUARANTINED'")) {
                asked.incrementAndGet();
                throw new SQLTransientConnectionException("cut off");
            }
        });

        isWokenAt(clock.instant());

        await().atMost(SOON).until(() -> asked.get() > 2);
    }

    @Test
    void whatIsAddedWhileTheTableTakesNothingIsWokenAndGetsItsRowLater() {
        process.runs.pipeline.starting(List.of());
        process.dispatcher.start(List.of());
        process.beside.watch(sql -> {
            if (sql.contains("dispatch_task")) {
                throw new SQLTransientConnectionException("away");
            }
        });

        process.runs.pipeline.added(List.of(collection));
        process.dispatcher.add(collection);

        await().until(() -> finished() == 1);
        assertThat(process.rows(NAME)).isZero();
        process.dispatcher.remove("unheard-of");
        process.beside.watchNoMore();
        await().until(() -> process.rows(NAME) == 1);
    }

    @Test
    void aDrainHoldsUpNobodyWhoAsksForIt() throws Exception {
        CountDownLatch handingOver = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        start();
        process.beside.watch(sql -> {
            if (sql.contains("'WAITING'")) {
                handingOver.countDown();
                assertThat(awaited(returned)).isTrue();
            }
        });

        process.dispatcher.drain();

        returned.countDown();
        assertThat(awaited(handingOver)).isTrue();
        await().until(process.runs.pipeline::isDrained);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void looksAheadOutliveAnError() {
        AtomicInteger looks = new AtomicInteger();
        process.beside.watch(sql -> {
            if (sql.contains("ORDER BY execution_time") && looks.incrementAndGet() == 1) {
                throw new StackOverflowError("a fault of the service");
            }
        });

        start();

        await().until(() -> looks.get() > 2);
    }

    private void start() {
        process.runs.pipeline.starting(List.of(collection));
        process.dispatcher.start(List.of(collection));
    }

    /** A run of it has ended, or an operator has changed something. */
    private void free() {
        process.dispatcher.onFreed(new CollectionFreed(NAME, true));
    }

    private long finished() {
        return TestRuns.newest(process.runs.history, NAME, 10).stream()
                .filter(Run::isFinished)
                .count();
    }

    private void insertDue() {
        process.jdbc()
                .sql("""
                        INSERT INTO dispatch_task (task_name, task_instance, execution_time, picked, version)
                        VALUES (:task, :name, :at, FALSE, 1)
                        ON CONFLICT (task_name, task_instance) DO UPDATE SET execution_time = excluded.execution_time
                        """)
                .param("task", collection.collector().name())
                .param("name", NAME)
                .param("at", time(clock.instant()))
                .update();
    }

    /** By somebody who has not ended yet. */
    private void isBeingWoken() {
        process.jdbc()
                .sql("UPDATE dispatch_task SET picked = TRUE, version = version + 1")
                .update();
    }

    /** Next, says whoever has just woken it. */
    private void isWokenAt(Instant at) {
        process.jdbc()
                .sql("UPDATE dispatch_task SET execution_time = :at, picked = FALSE, version = version + 1")
                .param("at", time(at))
                .update();
    }

    private Instant dueAt() {
        return process.jdbc()
                .sql("SELECT execution_time FROM dispatch_task WHERE task_instance = :name")
                .param("name", NAME)
                .query(OffsetDateTime.class)
                .single()
                .toInstant();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
