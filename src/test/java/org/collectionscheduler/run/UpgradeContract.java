package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.awaitility.Awaitility;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What this build finds in a store that an older one has written. A database's test only opens it. */
@Timeout(60)
abstract class UpgradeContract {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant NOON = MutableClock.START;

    final MutableClock clock = new MutableClock();
    private Store store;
    private TestRuns runs;

    /**
     * A store of schema version 1.
     *
     * @param rows the statements that fill it
     */
    abstract Store open(String rows);

    @BeforeEach
    void openStore() throws IOException {
        try (var rows = Objects.requireNonNull(UpgradeContract.class.getResourceAsStream("rows-of-version-1.sql"))) {
            store = open(new String(rows.readAllBytes(), StandardCharsets.UTF_8));
        }
        runs = new TestRuns(store, clock, new MutableTicker(), 2);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void nothingThatWasStoredIsLost() {
        CollectionRecord metadata = runs.record("metadata");

        assertThat(runs.history.collections())
                .extracting(CollectionRecord::name)
                .containsExactly("disabled", "inventory", "metadata", "paused", "retired", "suspended");
        assertThat(metadata.anchor()).isEqualTo(NOON.minus(HOUR.multipliedBy(6)));
        assertThat(metadata.declaredBy()).isEqualTo(DeclaredBy.CONFIGURATION);
        assertThat(metadata.rhythm()).isEqualTo("interval PT1H offset PT5M");
        assertThat(metadata.lastDecidedSlot()).isEqualTo(NOON.minus(Duration.ofMinutes(55)));
        assertThat(metadata.lastSuccessPayload()).isEqualTo("payload-1");
        assertThat(metadata.counters())
                .isEqualTo(new CollectionRecord.Counters(6, 4, 1, 1, 1, 0, 0, 2, 1, Duration.ofSeconds(90)));
        assertThat(runs.history.payload("payload-1"))
                .get()
                .extracting(Payload::content)
                .isEqualTo("{\"n\":\"ü\"}");
        assertThat(TestRuns.newest(runs.history, "metadata", 10))
                .extracting(Run::id)
                .containsExactly("run-2", "run-1");
        assertThat(runs.history.attempts("run-1")).hasSize(1);
    }

    @Test
    void aStateThatWasStoredInOneWordIsWhatItWas() {
        assertThat(runs.record("disabled").state()).isEqualTo(CollectionState.DISABLED);
        assertThat(runs.record("retired").state()).isEqualTo(CollectionState.RETIRED);
        assertThat(runs.record("paused").state()).isEqualTo(CollectionState.PAUSED);
        assertThat(runs.record("paused").pausedAt()).isEqualTo(NOON.minus(HOUR.multipliedBy(3)));
        assertThat(runs.record("suspended").state())
                .as("no end of its rest was stored")
                .isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void theRhythmGoesOn() {
        ScheduledCollection metadata = register("metadata");

        Instant next = runs.wake(metadata).orElseThrow();

        assertThat(next).isEqualTo(NOON.plus(Duration.ofMinutes(5)));
        assertThat(TestRuns.newest(runs.history, "metadata", 10)).hasSize(2);
        clock.set(next);
        runs.wake(metadata);
        Awaitility.await().until(() -> newest("metadata").outcome() == RunOutcome.SUCCEEDED);
        assertThat(newest("metadata").kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(newest("metadata").scheduledAt()).isEqualTo(next);
        assertThat(runs.record("metadata").counters().consecutiveFailures()).isZero();
    }

    @Test
    void aRunThatWasUnderWayGetsItsNextAttempt() {
        assertThat(runs.history.active()).extracting(Run::id).containsExactly("run-3");
        ScheduledCollection inventory = register("inventory");

        runs.wake(inventory);
        clock.advance(TestRuns.RETRY.initialDelay());
        runs.wake(inventory);

        Awaitility.await()
                .until(() -> runs.history.run("run-3").filter(Run::isFinished).isPresent());
        assertThat(newest("inventory").outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(runs.history.attempts("run-3"))
                .extracting(Attempt::outcome)
                .containsExactly(RunOutcome.ABANDONED, RunOutcome.SUCCEEDED);
        assertThat(TestRuns.newest(runs.history, "inventory", 10)).hasSize(1);
    }

    @Test
    void whatIsDeclaredNoMoreIsRetired() {
        register("metadata");

        runs.registrations.retireAllBut(Set.of("metadata"));
        runs.pipeline.abandonRetired();

        assertThat(runs.history.collections())
                .filteredOn(record -> record.state() != CollectionState.RETIRED)
                .extracting(CollectionRecord::name)
                .containsExactly("metadata");
        assertThat(newest("inventory").outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(runs.history.active()).isEqualTo(List.of());
    }

    private ScheduledCollection register(String name) {
        return runs.register(name, TestCollector.succeeding(), spec -> spec.offset = Duration.ofMinutes(5));
    }

    private Run newest(String name) {
        return TestRuns.newest(runs.history, name, 1).get(0);
    }
}
