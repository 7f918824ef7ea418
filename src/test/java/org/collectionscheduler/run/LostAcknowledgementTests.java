package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.collectionscheduler.store.TestStores;
import org.collectionscheduler.store.UnreliableDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit that happened and was reported as failed is tried again, and finds its own work done. */
class LostAcknowledgementTests {

    private static final String NAME = "metadata";
    private static final int EVERY_TRY = 4;

    private final MutableClock clock = new MutableClock();
    private final UnreliableDataSource database = TestStores.unreliableDatabase();
    private final Store store = TestStores.unreliable(database, clock);
    private final RunLedger ledger = TestRuns.ledger(store, clock, "one");
    private final RunHistory history = new RunHistory(store);

    @BeforeEach
    void register() {
        TestRuns.register(
                new Registrations(store, clock),
                NAME,
                "probe",
                CollectionState.ACTIVE,
                anchor -> new Rhythm.Interval(Duration.ofHours(1)).schedule(anchor, Duration.ZERO));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aClaimIsRecognized() {
        database.loseAcknowledgements(1);
        assertThat(claim()).isEqualTo(history.active().get(0));
    }

    @Test
    void aDemandIsRecognized() {
        database.loseAcknowledgements(1);
        assertThat(ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE))
                .contains(history.active().get(0));
    }

    @Test
    void aSkipIsRecognizedAndCountedOnce() {
        SlotRange slots = new SlotRange(MutableClock.START, MutableClock.START.plusSeconds(7200), 3);
        database.loseAcknowledgements(1);

        assertThat(TestRuns.skip(ledger, NAME, new Decision.Skip(slots, SkipReason.MISSED)))
                .isPresent();

        assertThat(counters().skipped()).isEqualTo(3);
    }

    @Test
    void aRunThatIsClaimedInItsFirstAttemptIsRecognized() {
        database.loseAcknowledgements(1);

        Run begun = TestRuns.claimBegun(
                        ledger, TestRuns.named(NAME), new Decision.Start(RunKind.SCHEDULE, MutableClock.START, null))
                .orElseThrow();

        assertThat(begun.attempt()).isEqualTo(1);
        assertThat(history.attempts(begun.id())).hasSize(1);
    }

    @Test
    void aStartedAttemptIsRecognized() {
        Run waiting = claim();
        database.loseAcknowledgements(1);

        Run started = ledger.startAttempt(waiting).orElseThrow();

        assertThat(started.attempt()).isEqualTo(1);
        assertThat(history.attempts(waiting.id())).hasSize(1);
    }

    @Test
    void aStartedAttemptOfAnotherProcessIsNot() {
        Run waiting = claim();
        TestRuns.ledger(store, clock, "other").startAttempt(waiting);

        assertThat(ledger.startAttempt(waiting)).isEmpty();
    }

    @Test
    void aSuccessIsRecognizedAndCountedOnce() {
        Run run = ledger.startAttempt(claim()).orElseThrow();
        database.loseAcknowledgements(1);

        Run ended = ledger.endAttempt(TestRuns.named(run.collection()), run, success(), null)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(ended.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(counters().runs()).isEqualTo(1);
        assertThat(TestRuns.newestPayloads(history, NAME, 10)).hasSize(1);
    }

    @Test
    void aSuccessIsRecognizedEvenWhenTheStoreWasGivenUpInBetween() {
        Run run = ledger.startAttempt(claim()).orElseThrow();
        database.loseAcknowledgements(EVERY_TRY);
        assertThatThrownBy(() -> ledger.endAttempt(TestRuns.named(run.collection()), run, success(), null))
                .isInstanceOf(StoreUnavailableException.class);
        clock.advance(Duration.ofSeconds(9));

        Run ended = ledger.endAttempt(TestRuns.named(run.collection()), run, success(), null)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(ended.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(counters().runs()).isEqualTo(1);
        assertThat(TestRuns.newestPayloads(history, NAME, 10)).hasSize(1);
    }

    @Test
    void aFailureWithAFurtherAttemptIsRecognized() {
        Run run = ledger.startAttempt(claim()).orElseThrow();
        database.loseAcknowledgements(1);

        Run retrying = ledger.endAttempt(
                        TestRuns.named(NAME),
                        run,
                        AttemptEnd.failed("no", Duration.ZERO, true),
                        clock.instant().plusSeconds(5))
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(retrying.state()).isEqualTo(RunState.RETRYING);
    }

    @Test
    void aRunGivenUpIsRecognizedAndCountedOnce() {
        Run waiting = claim();
        database.loseAcknowledgements(1);

        assertThat(ledger.giveUp(TestRuns.named(waiting.collection()), waiting)).isPresent();

        assertThat(counters().abandoned()).isEqualTo(1);
    }

    private Run claim() {
        return TestRuns.claim(
                        ledger, TestRuns.named(NAME), new Decision.Start(RunKind.SCHEDULE, MutableClock.START, null))
                .orElseThrow();
    }

    private CollectionRecord.Counters counters() {
        return history.collections().get(0).counters();
    }

    private static AttemptEnd success() {
        return AttemptEnd.succeeded("{}", null, Duration.ofSeconds(1));
    }
}
