package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.RunEvent.AttemptFailed;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.MissedRuns;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.RunOnStart;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RunPipelineTests {

    private static final String NAME = "metadata";
    private static final Instant START = MutableClock.START;
    private static final Duration HOUR = Duration.ofHours(1);

    private final MutableClock clock = new MutableClock();
    private final MutableTicker ticker = new MutableTicker();
    private final Store store = TestStores.sqliteMemory(clock);
    private final TestRuns runs = process();
    private final RunPipeline pipeline = runs.pipeline;
    private final RunHistory history = runs.history;
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        release.countDown();
        store.close();
    }

    @Test
    void aSlotBecomesARunWithAPayload() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        clock.advance(Duration.ofSeconds(2));

        assertThat(runs.wake(collection)).contains(START.plus(HOUR));

        awaitFreed(runs, 1);
        Run run = newest();
        assertThat(run.kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(run.scheduledAt()).isEqualTo(START);
        assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(history.payload(String.valueOf(run.payloadId()))
                        .orElseThrow()
                        .content())
                .contains("\"answer\":42");
        assertThat(runs.wake(collection)).contains(START.plus(HOUR));
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
        assertThat(runs.events.all(RunStarted.class))
                .extracting(RunStarted::lateness)
                .containsExactly(Duration.ofSeconds(2));
        assertThat(runs.events.all(RunFinished.class)).singleElement().satisfies(event -> {
            assertThat(event.run()).isEqualTo(run);
            assertThat(event.payloadBytes()).isPositive();
        });
    }

    @Test
    void theOnlyAttemptOfARunIsToldWhileItRunsAndAfterIt() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        RunPipeline.Woken woken = pipeline.wake(collection);
        Run running = newest();

        assertThat(history.attempts(running.id())).singleElement().satisfies(attempt -> {
            assertThat(attempt.number()).isEqualTo(1);
            assertThat(attempt.instance()).isEqualTo(running.instance());
            assertThat(attempt.startedAt()).isEqualTo(START);
            assertThat(attempt.outcome()).isNull();
        });
        clock.advance(Duration.ofSeconds(3));
        woken.begun().orElseThrow().run();

        assertThat(history.attempts(running.id())).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(attempt.finishedAt()).isEqualTo(START.plusSeconds(3));
        });
    }

    @Test
    void aPauseAfterALookAheadIsHeeded() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        RunPipeline.Outlook outlook = pipeline.lookAhead(collection);

        runs.interventions.pause(collection, TestRuns.CAUSE);

        assertThat(pipeline.wake(outlook).begun()).isEmpty();
        assertThat(TestRuns.newest(history, NAME, 10)).isEmpty();
    }

    @Test
    void whatIsServedAfterALookAheadIsNotServedAgain() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        RunPipeline.Outlook outlook = pipeline.lookAhead(collection);
        runs.wake(collection);
        awaitFreed(runs, 1);

        assertThat(pipeline.wake(outlook).next()).contains(START.plus(HOUR));

        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
        assertThat(calls).hasValue(1);
    }

    /** A listener hears of an end after it was stored, and before its permit would come back without that. */
    @Test
    void whatWaitsForAPermitGoesWhileTheEndOfAnotherIsBeingStored() {
        TestRuns single = new TestRuns(store, clock, ticker, 1);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean meanwhile = new AtomicBoolean();
        ScheduledCollection first = single.register("first", succeeding());
        ScheduledCollection second = single.register("second", TestCollector.of(context -> {
            begun.countDown();
            return TestCollector.data();
        }));
        single.events.listen(event -> {
            if (event instanceof RunFinished finished
                    && finished.run().collection().equals("first")) {
                meanwhile.set(isCountedDown(begun));
            }
        });

        RunPipeline.Woken woken = single.pipeline.wake(first);
        single.pipeline.wake(second);
        woken.begun().orElseThrow().run();

        assertThat(meanwhile).isTrue();
    }

    private static boolean isCountedDown(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatHasAPermitAtOnceIsClaimedInItsFirstAttemptAndMadeByWhoeverWokeIt() {
        TestRuns single = new TestRuns(store, clock, ticker, 1);
        ScheduledCollection first = single.register("first", succeeding());
        ScheduledCollection second = single.register("second", succeeding());

        RunPipeline.Woken woken = single.pipeline.wake(first);
        RunPipeline.Woken waiting = single.pipeline.wake(second);

        assertThat(TestRuns.newest(history, "first", 1)).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.RUNNING);
            assertThat(run.attempt()).isEqualTo(1);
        });
        assertThat(waiting.begun()).isEmpty();
        assertThat(TestRuns.newest(history, "second", 1)).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.WAITING);
            assertThat(run.attempt()).isZero();
        });
        assertThat(calls).hasValue(0);
        woken.begun().orElseThrow().run();
        await("what waited goes on by itself")
                .until(() -> TestRuns.newest(history, null, 10).stream()
                        .allMatch(run -> run.outcome() == RunOutcome.SUCCEEDED));
        assertThat(calls).hasValue(2);
    }

    @Test
    void whatWasClaimedTooSlowlyForItsDeadlineIsNotMade() {
        ScheduledCollection collection =
                runs.register(NAME, succeeding(), spec -> spec.startDeadline = Duration.ofMinutes(5));
        RunPipeline.Woken woken = pipeline.wake(collection);
        clock.advance(Duration.ofMinutes(6));

        woken.begun().orElseThrow().run();

        assertThat(calls).hasValue(0);
        assertThat(newest().outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(newest().error()).contains("while its claim was being stored");
    }

    @Test
    void whatWasClaimedByAnInstanceThatOthersBelieveDeadIsCancelled() {
        ScheduledCollection collection = runs.register(NAME, TestCollector.of(context -> {
            calls.incrementAndGet();
            assertThat(release.await(1, TimeUnit.MINUTES)).isTrue();
            return TestCollector.data();
        }));
        RunPipeline.Woken woken = pipeline.wake(collection);
        runs.instance.beginAnotherLife();
        release.countDown();

        woken.begun().orElseThrow().run();

        assertThat(history.attempts(newest().id())).extracting(Attempt::outcome).containsExactly(RunOutcome.ABANDONED);
        assertThat(newest().state()).isEqualTo(RunState.RETRYING);
    }

    @Test
    void anInterruptThatOtherWorkHasLeftOnTheThreadHitsNothing() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        RunPipeline.Woken woken = pipeline.wake(collection);
        Thread.currentThread().interrupt();

        woken.begun().orElseThrow().run();

        assertThat(Thread.interrupted()).isFalse();
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
    }

    @Test
    void aPermitComesBackWhenNothingWasClaimedWithIt() {
        TestRuns single = new TestRuns(store, clock, ticker, 1);
        ScheduledCollection collection = single.register(NAME, succeeding());
        TestStores.refuseWrites(store);
        assertThatThrownBy(() -> single.pipeline.wake(collection)).isInstanceOf(StoreUnavailableException.class);
        TestStores.acceptWrites(store);

        assertThat(single.pipeline.wake(collection).begun()).isPresent();
    }

    @Test
    void missedSlotsBecomeOneCatchUp() {
        ScheduledCollection collection = succeedOnce();
        clock.set(START.plus(HOUR.multipliedBy(5)).plus(Duration.ofMinutes(10)));

        assertThat(runs.wake(collection)).contains(START.plus(HOUR.multipliedBy(6)));
        awaitFreed(runs, 2);
        runs.wake(collection);

        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(2);
        Run run = newest();
        assertThat(run.kind()).isEqualTo(RunKind.CATCH_UP);
        assertThat(run.scheduledAt()).isEqualTo(START.plus(HOUR.multipliedBy(5)));
        assertThat(run.missedFrom()).isEqualTo(START.plus(HOUR));
        assertThat(run.missedCount()).isEqualTo(5);
    }

    @Test
    void missedSlotsAreSkippedWhereTheConfigurationSaysSo() {
        ScheduledCollection collection = runs.register(NAME, succeeding(), spec -> spec.missedRuns = MissedRuns.SKIP);
        runs.wake(collection);
        awaitFreed(runs, 1);
        clock.set(START.plus(HOUR.multipliedBy(5)).plus(Duration.ofMinutes(10)));

        assertThat(runs.wake(collection)).contains(START.plus(HOUR.multipliedBy(6)));

        Run skipped = newest();
        assertThat(skipped.outcome()).isEqualTo(RunOutcome.SKIPPED);
        assertThat(skipped.missedCount()).isEqualTo(5);
        assertThat(calls).hasValue(1);
        assertThat(runs.events.all(RunSkipped.class)).singleElement().satisfies(event -> {
            assertThat(event.count()).isEqualTo(5);
            assertThat(event.reason()).isEqualTo(SkipReason.MISSED);
        });
        assertThat(runs.record(NAME).counters().skipped()).isEqualTo(5);
    }

    @Test
    void aSlotThatComesDuringARunIsSkippedWithItsReason() {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        clock.advance(HOUR);

        assertThat(runs.wake(collection)).contains(START.plus(HOUR.multipliedBy(2)));

        Run skipped = newest();
        assertThat(skipped.outcome()).isEqualTo(RunOutcome.SKIPPED);
        assertThat(skipped.reason()).isEqualTo("overlap");
        assertThat(skipped.scheduledAt()).isEqualTo(START.plus(HOUR));
        release.countDown();
        awaitFreed(runs, 1);
        assertThat(calls).hasValue(1);
        assertThat(runs.record(NAME).counters())
                .extracting(CollectionRecord.Counters::succeeded, CollectionRecord.Counters::skipped)
                .containsExactly(1L, 1L);
    }

    @Test
    void aFailedAttemptIsRepeatedAtItsStoredTime() {
        ScheduledCollection collection = runs.register(NAME, failing(2));
        runs.wake(collection);
        awaitFreed(runs, 1);
        Run retrying = history.active().get(0);
        assertThat(retrying.state()).isEqualTo(RunState.RETRYING);
        assertThat(retrying.nextAttemptAt()).isEqualTo(START.plusSeconds(10));

        clock.advance(Duration.ofSeconds(9));
        assertThat(runs.wake(collection)).contains(START.plusSeconds(10));
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        runs.wake(collection);
        awaitFreed(runs, 2);
        assertThat(runs.wake(collection)).as("the delay doubles").contains(START.plusSeconds(30));
        clock.advance(Duration.ofSeconds(20));
        runs.wake(collection);
        awaitFreed(runs, 3);

        Run run = newest();
        assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.attempt()).isEqualTo(3);
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
        assertThat(runs.record(NAME).counters().runs()).isEqualTo(1);
        assertThat(runs.events.all(RunStarted.class)).hasSize(1);
        assertThat(runs.events.all(AttemptFailed.class)).hasSize(2);
        assertThat(runs.events.all(RunFinished.class)).hasSize(1);
    }

    @Test
    void aRetryIsGivenUpWhenTheNextSlotHasCome() {
        ScheduledCollection collection = runs.register(NAME, failing(1));
        runs.wake(collection);
        awaitFreed(runs, 1);
        clock.advance(HOUR);

        runs.wake(collection);
        awaitFreed(runs, 2);

        assertThat(TestRuns.newest(history, NAME, 10))
                .extracting(Run::outcome, Run::attempt)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(RunOutcome.SUCCEEDED, 1),
                        org.assertj.core.groups.Tuple.tuple(RunOutcome.FAILED, 1));
        assertThat(runs.events.all(RunFinished.class)).hasSize(2);
    }

    @Test
    void aRunFailsWhenItsAttemptsAreUsedUp() {
        ScheduledCollection collection = runs.register(NAME, failing(99));
        for (int attempt = 1; attempt <= 3; attempt++) {
            runs.wake(collection);
            awaitFreed(runs, attempt);
            clock.advance(Duration.ofSeconds(30));
        }
        runs.wake(collection);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(newest().attempt()).isEqualTo(3);
        assertThat(calls).hasValue(3);
        assertThat(runs.record(NAME).counters().consecutiveFailures()).isEqualTo(1);
        assertThat(runs.events.all(RunFinished.class)).hasSize(1);
    }

    @Test
    void whatMustNotBeRepeatedIsAttemptedOnce() {
        ScheduledCollection collection = runs.register(NAME, new TestCollector("probe", false, context -> {
            calls.incrementAndGet();
            throw new IllegalStateException("no");
        }));
        runs.wake(collection);
        awaitFreed(runs, 1);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.FAILED);
        clock.advance(Duration.ofMinutes(5));
        runs.wake(collection);
        assertThat(calls).hasValue(1);
    }

    @Test
    void theRunOfADeadProcessIsFinishedByItsSecondAttempt() {
        runs.register(NAME, succeeding());
        Run first = runs.ledger.startAttempt(claim()).orElseThrow();
        TestRuns next = process();
        ScheduledCollection collection = next.register(NAME, succeeding());
        clock.advance(Duration.ofSeconds(5));

        assertThat(next.wake(collection)).contains(clock.instant().plusSeconds(10));
        assertThat(history.attempts(first.id())).extracting(Attempt::outcome).containsExactly(RunOutcome.ABANDONED);
        clock.advance(Duration.ofSeconds(10));
        next.wake(collection);
        awaitFreed(next, 1);

        Run run = newest();
        assertThat(run.id()).isEqualTo(first.id());
        assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(history.attempts(run.id()))
                .extracting(Attempt::instance, Attempt::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(runs.instance.id(), RunOutcome.ABANDONED),
                        org.assertj.core.groups.Tuple.tuple(next.instance.id(), RunOutcome.SUCCEEDED));
        assertThat(next.record(NAME).counters().runs()).isEqualTo(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void theRunOfADeadProcessIsAbandonedWhenItMustNotBeRepeated() {
        runs.register(NAME, succeeding());
        runs.ledger.startAttempt(claim());
        TestRuns next = process();
        ScheduledCollection collection = next.register(NAME, new TestCollector("probe", false, succeeding()::collect));

        next.wake(collection);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(calls).hasValue(0);
        assertThat(next.events.all(RunFinished.class)).hasSize(1);
    }

    @Test
    void theRunOfADeadProcessIsAbandonedWhenTheNextSlotHasCome() {
        runs.register(NAME, succeeding());
        runs.ledger.startAttempt(claim());
        TestRuns next = process();
        ScheduledCollection collection = next.register(NAME, succeeding());
        clock.advance(HOUR);

        next.wake(collection);
        awaitFreed(next, 1);

        assertThat(TestRuns.newest(history, NAME, 10))
                .extracting(Run::outcome)
                .containsExactly(RunOutcome.SUCCEEDED, RunOutcome.ABANDONED);
    }

    @Test
    void aRunThatADeadProcessOnlyClaimedIsTakenUp() {
        runs.register(NAME, succeeding());
        Run claimed = claim();
        TestRuns next = process();
        ScheduledCollection collection = next.register(NAME, succeeding());

        next.wake(collection);
        awaitFreed(next, 1);

        assertThat(newest().id()).isEqualTo(claimed.id());
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(newest().attempt()).isEqualTo(1);
    }

    @Test
    void nothingRunsWithoutAStoredClaim() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        TestStores.refuseWrites(store);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> runs.wake(collection)).isInstanceOf(StoreUnavailableException.class);
        }
        assertThatThrownBy(() -> pipeline.demand(collection, TestRuns.CAUSE))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(calls).hasValue(0);
        assertThat(runs.events.all(CollectionFreed.class))
                .as("a demand that may be stored")
                .hasSize(1);

        TestStores.acceptWrites(store);
        clock.advance(HOUR.multipliedBy(3));
        runs.wake(collection);
        awaitFreed(runs, 2);
        runs.wake(collection);
        assertThat(calls).hasValue(1);
        assertThat(newest().kind()).isEqualTo(RunKind.CATCH_UP);
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
    }

    @Test
    void anAttemptThatCouldNotBeginDoesNotSpinAndBeginsWhenTheStoreIsBack() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        Run claimed = claim();
        TestStores.refuseWrites(store);
        store.probe();

        assertThatThrownBy(() -> runs.wake(collection)).isInstanceOf(StoreUnavailableException.class);
        assertThat(runs.events.all(CollectionFreed.class)).isEmpty();

        TestStores.acceptWrites(store);
        runs.wake(collection);
        awaitFreed(runs, 1);
        assertThat(newest().id()).isEqualTo(claimed.id());
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
    }

    @Test
    void aResultThatCannotBeStoredIsKeptShownAndStoredOnce() {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        TestStores.refuseWrites(store);
        release.countDown();

        quickly().until(() -> pipeline.unstored().equals(List.of(NAME)));
        assertThat(history.active()).extracting(Run::state).containsExactly(RunState.RUNNING);
        assertThat(runs.events.all(RunFinished.class)).isEmpty();
        TestStores.acceptWrites(store);
        awaitFreed(runs, 1);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(pipeline.unstored()).isEmpty();
        assertThat(TestRuns.newestPayloads(history, NAME, 10)).hasSize(1);
        assertThat(runs.record(NAME).counters().runs()).isEqualTo(1);
        assertThat(runs.events.all(RunFinished.class)).hasSize(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aResultThatIsNeverStoredMakesItsAttemptAbandoned() {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        TestStores.refuseWrites(store);
        release.countDown();
        quickly().until(() -> !pipeline.unstored().isEmpty());

        ticker.advance(Duration.ofMinutes(11));
        awaitFreed(runs, 1);

        assertThat(pipeline.unstored()).isEmpty();
        TestStores.acceptWrites(store);
        clock.advance(Duration.ofMinutes(11));
        runs.wake(collection);
        Run run = history.active().get(0);
        assertThat(run.state()).isEqualTo(RunState.RETRYING);
        assertThat(run.error()).contains("could not be stored");
        assertThat(history.attempts(run.id())).extracting(Attempt::outcome).containsExactly(RunOutcome.ABANDONED);
        clock.advance(Duration.ofSeconds(10));
        runs.wake(collection);
        awaitFreed(runs, 2);
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(newest().attempt()).isEqualTo(2);
    }

    @Test
    void aDemandIsARunOfItsOwnThatLeavesTheRhythmAlone() {
        ScheduledCollection collection = succeedOnce();
        clock.advance(Duration.ofMinutes(20));
        Optional<Instant> next = runs.wake(collection);

        Run demand = pipeline.demand(collection, TestRuns.CAUSE).orElseThrow();
        awaitFreed(runs, 2);

        Run ended = history.run(demand.id()).orElseThrow();
        assertThat(ended.kind()).isEqualTo(RunKind.DEMAND);
        assertThat(ended.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(runs.record(NAME).lastDecidedSlot()).isEqualTo(START);
        assertThat(runs.wake(collection)).isEqualTo(next);
        assertThat(runs.events.all(RunStarted.class).get(1).lateness()).isNull();
    }

    @Test
    void aDemandIsRefusedWhileARunIsUnfinished() {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        assertThat(pipeline.demand(collection, TestRuns.CAUSE)).isEmpty();
        awaitCalls(1);
        assertThat(pipeline.demand(collection, TestRuns.CAUSE)).isEmpty();
        release.countDown();
        awaitFreed(runs, 1);
        assertThat(pipeline.demand(collection, TestRuns.CAUSE)).isPresent();
    }

    @Test
    void aDemandAndASlotAtTheSameTimeNeitherOverlapNorAbandonEachOther() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        for (int i = 0; i < 60; i++) {
            clock.advance(HOUR);
            CompletableFuture<Optional<Run>> demand =
                    CompletableFuture.supplyAsync(() -> pipeline.demand(collection, TestRuns.CAUSE));
            runs.wake(collection);
            demand.join();
            quickly().until(() -> {
                runs.wake(collection);
                return history.active().isEmpty();
            });
        }

        assertThat(TestRuns.newest(history, NAME, 1000))
                .extracting(Run::outcome)
                .doesNotContain(RunOutcome.ABANDONED);
    }

    @Test
    void aRunThatEndsWhileItsCollectionIsDecidedIsNotBegunAgain() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        for (int i = 1; i <= 300; i++) {
            clock.advance(HOUR);
            runs.wake(collection);
            awaitFreed(runs, i);
        }

        assertThat(runs.events.all(RunFinished.class)).hasSize(300);
    }

    @Test
    void aSlotThatIsDecidedBetweenTheClaimAndTheSubmissionOfADemandDoesNotAbandonIt() {
        InterruptibleClock interruptible = new InterruptibleClock(clock);
        try (Store own = TestStores.sqliteMemory(interruptible)) {
            TestRuns process = new TestRuns(own, interruptible, ticker, 2);
            ScheduledCollection collection = process.register(NAME, succeeding());
            process.wake(collection);
            awaitFreed(process, 1);
            clock.advance(HOUR);
            AtomicReference<@Nullable CompletableFuture<?>> waking = new AtomicReference<>();
            interruptible.interruptBy(() -> {
                if (waking.get() == null && !process.history.active().isEmpty()) {
                    CompletableFuture<?> wake = CompletableFuture.runAsync(() -> process.wake(collection));
                    waking.set(wake);
                    wake.completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
                }
            });

            Run demand = process.pipeline.demand(collection, TestRuns.CAUSE).orElseThrow();

            assertThat(waking.get()).isNotNull();
            awaitFreed(process, 2);
            assertThat(process.history.run(demand.id()).orElseThrow().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        }
    }

    @Test
    void aSlotThatComesWhileListenersOfTheLastRunAreBusyNeedNotWaitForThem() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        runs.events.listen(event -> {
            if (event instanceof RunFinished) {
                AttemptExecutionTests.awaitUninterruptibly(release);
            }
        });
        runs.wake(collection);
        quickly().until(() -> !runs.events.all(RunFinished.class).isEmpty());
        clock.advance(HOUR);

        assertThat(runs.wake(collection)).contains(START.plus(HOUR.multipliedBy(2)));

        quickly()
                .untilAsserted(() -> assertThat(TestRuns.newest(history, NAME, 10))
                        .extracting(Run::outcome)
                        .containsExactly(RunOutcome.SUCCEEDED, RunOutcome.SUCCEEDED));
        release.countDown();
        awaitFreed(runs, 2);
    }

    @Test
    void aStartRunsOnceWhenNothingEverRan() {
        assertThat(startedKinds(process(), RunOnStart.NEVER)).isEmpty();
        assertThat(startedKinds(process(), RunOnStart.IF_NEVER_RUN)).containsExactly(RunKind.START);
        assertThat(runs.record(NAME).lastDecidedSlot()).isNull();
        clock.advance(Duration.ofMinutes(5));
        assertThat(startedKinds(process(), RunOnStart.IF_NEVER_RUN)).isEmpty();
    }

    @Test
    void aStartRunsNoSoonerThanTheMinimumIntervalAfterTheLastStart() {
        assertThat(startedKinds(process(), RunOnStart.ALWAYS)).containsExactly(RunKind.START);
        clock.set(START.plus(Duration.ofMinutes(10)));
        assertThat(startedKinds(process(), RunOnStart.ALWAYS)).containsExactly(RunKind.SCHEDULE);
        clock.set(START.plus(Duration.ofMinutes(39)));
        assertThat(startedKinds(process(), RunOnStart.ALWAYS)).isEmpty();
        clock.set(START.plus(Duration.ofMinutes(40)));
        assertThat(startedKinds(process(), RunOnStart.ALWAYS)).containsExactly(RunKind.START);
        clock.set(START.plus(Duration.ofHours(4)));
        assertThat(startedKinds(process(), RunOnStart.ALWAYS))
                .as("a catch-up takes its place")
                .containsExactly(RunKind.CATCH_UP);
    }

    @Test
    void aStartIsStillWantedAfterTheStoreWasAway() {
        ScheduledCollection collection = register(runs, RunOnStart.IF_NEVER_RUN);
        pipeline.starting(List.of(collection));
        TestStores.refuseWrites(store);
        assertThatThrownBy(() -> runs.wake(collection)).isInstanceOf(StoreUnavailableException.class);
        TestStores.acceptWrites(store);

        runs.wake(collection);
        awaitFreed(runs, 1);
        runs.wake(collection);

        assertThat(TestRuns.newest(history, NAME, 10)).extracting(Run::kind).containsExactly(RunKind.START);
    }

    @Test
    void aStuckCollectorBlocksOnlyItsOwnCollection() {
        ScheduledCollection stuck = runs.register(NAME, ignoring(), spec -> spec.timeout = Duration.ofMillis(50));
        ScheduledCollection other = runs.register("inventory", TestCollector.succeeding());
        runs.wake(stuck);
        awaitFreed(runs, 1);

        assertThat(TestRuns.newest(history, NAME, 1)).extracting(Run::outcome).containsExactly(RunOutcome.TIMED_OUT);
        assertThat(pipeline.stuck()).extracting(StuckAttempt::collection).containsExactly(NAME);
        assertThat(pipeline.demand(stuck, TestRuns.CAUSE)).isEmpty();
        runs.wake(other);
        awaitFreed(runs, 2);
        assertThat(TestRuns.newest(history, "inventory", 1))
                .extracting(Run::outcome)
                .containsExactly(RunOutcome.SUCCEEDED);
        clock.advance(HOUR);
        runs.wake(stuck);
        assertThat(TestRuns.newest(history, NAME, 1)).extracting(Run::reason).containsExactly("stuck");

        release.countDown();
        quickly().until(() -> pipeline.stuck().isEmpty());
        clock.advance(HOUR);
        runs.wake(stuck);
        quickly().until(() -> calls.get() == 2);
    }

    @Test
    void aStopLetsRunsEndWithinTheirGrace() throws Exception {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        CompletableFuture<Void> drained = drain(Duration.ofSeconds(20));
        quickly().until(() -> !runs.supervisor.isOpen());

        assertThat(pipeline.demand(collection, TestRuns.CAUSE)).isEmpty();
        clock.advance(HOUR);
        assertThat(runs.wake(collection)).as("nothing more is decided").isEmpty();
        release.countDown();
        drained.get(5, TimeUnit.SECONDS);

        assertThat(TestRuns.newest(history, NAME, 10)).extracting(Run::outcome).containsExactly(RunOutcome.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopCancelsAndRecordsWhatExceedsTheGrace(boolean heeds) throws Exception {
        ScheduledCollection collection = runs.register(NAME, heeds ? blocking() : ignoring());
        runs.wake(collection);
        awaitCalls(1);

        drain(Duration.ofMillis(100)).get(5, TimeUnit.SECONDS);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(history.attempts(newest().id())).extracting(Attempt::outcome).containsExactly(RunOutcome.CANCELLED);
        assertThat(runs.record(NAME).counters().cancelled()).isEqualTo(1);
    }

    @Test
    void aStopWithoutGraceIsBoundedAlsoWhenTheStoreCannotBeWritten() throws Exception {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        TestStores.refuseWrites(store);
        release.countDown();
        quickly().until(() -> !pipeline.unstored().isEmpty());

        drain(Duration.ofMillis(100)).get(6, TimeUnit.SECONDS);

        assertThat(history.active()).extracting(Run::state).containsExactly(RunState.RUNNING);
        awaitFreed(runs, 1);
    }

    @Test
    void aResultIsStoredDuringTheStopWhenTheStoreComesBack() throws Exception {
        ScheduledCollection collection = runs.register(NAME, blocking());
        runs.wake(collection);
        awaitCalls(1);
        TestStores.refuseWrites(store);
        CompletableFuture<Void> drained = drain(Duration.ZERO);
        quickly().until(() -> !pipeline.unstored().isEmpty());
        TestStores.acceptWrites(store);

        drained.get(6, TimeUnit.SECONDS);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.CANCELLED);
    }

    @Test
    void aServiceThatIsStartedAgainRunsAgain() throws Exception {
        TestRuns single = new TestRuns(store, clock, ticker, 1);
        ScheduledCollection blocked = single.register("inventory", blocking());
        ScheduledCollection waiting = single.register(NAME, TestCollector.succeeding());
        single.wake(blocked);
        awaitCalls(1);
        single.wake(waiting);
        single.pipeline.drain(Duration.ZERO);
        assertThat(TestRuns.newest(history, NAME, 10)).extracting(Run::state).containsExactly(RunState.WAITING);

        single.pipeline.starting(List.of(waiting, blocked));
        single.wake(waiting);

        quickly().until(() -> newest().outcome() == RunOutcome.SUCCEEDED);
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
    }

    @Test
    void aListenerThatFailsHarmsNothing() {
        runs.events.listen(event -> {
            if (event instanceof RunStarted) {
                throw new IllegalStateException("a listener's fault");
            }
            throw new AssertionError("a listener's error");
        });
        ScheduledCollection collection = runs.register(NAME, failing(1), spec -> spec.missedRuns = MissedRuns.SKIP);
        runs.wake(collection);
        awaitFreed(runs, 1);
        clock.advance(Duration.ofSeconds(10));
        runs.wake(collection);
        awaitFreed(runs, 2);

        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        clock.advance(Duration.ofMinutes(130));
        runs.wake(collection);
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SKIPPED);
        assertThat(runs.events.all(RunFinished.class)).hasSize(1);
        assertThat(runs.events.all(RunSkipped.class)).hasSize(1);
        assertThat(runs.activities.runsOf(NAME)).isEmpty();
    }

    /** Whatever another thread needs meanwhile, it gets: a listener is called under no lock. */
    @Test
    void aListenerMayWaitForWhatAnotherThreadDoesToTheSameCollection() {
        ScheduledCollection collection = runs.register(NAME, succeeding(), spec -> spec.missedRuns = MissedRuns.SKIP);
        Queue<Optional<Run>> demanded = new ConcurrentLinkedQueue<>();
        runs.events.listen(event -> {
            if (event instanceof RunSkipped) {
                demanded.add(CompletableFuture.supplyAsync(() -> pipeline.demand(collection, TestRuns.CAUSE))
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join());
            }
        });
        clock.advance(Duration.ofMinutes(130));

        runs.wake(collection);

        assertThat(demanded).hasSize(1).allMatch(Optional::isPresent);
    }

    @Test
    void runsOfCollectionsThatAreNoLongerDeclaredAreEnded() {
        runs.register(NAME, succeeding());
        runs.ledger.startAttempt(claim());
        TestRuns next = process();

        next.pipeline.abandonRetired();
        assertThat(newest().isFinished()).as("while it is declared").isFalse();
        next.registrations.retireAllBut(Set.of("inventory"));
        next.pipeline.abandonRetired();

        assertThat(newest().outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(next.events.all(RunFinished.class))
                .extracting(RunFinished::collector)
                .containsExactly("probe");
    }

    private TestRuns process() {
        return new TestRuns(store, clock, ticker, 2);
    }

    private ScheduledCollection succeedOnce() {
        ScheduledCollection collection = runs.register(NAME, succeeding());
        runs.wake(collection);
        awaitFreed(runs, 1);
        return collection;
    }

    private ScheduledCollection register(TestRuns process, RunOnStart runOnStart) {
        return process.register(NAME, succeeding(), spec -> {
            spec.offset = Duration.ofMinutes(10);
            spec.runOnStart = runOnStart;
        });
    }

    /** What a process that starts now begins at once. */
    private List<RunKind> startedKinds(TestRuns process, RunOnStart runOnStart) {
        ScheduledCollection collection = register(process, runOnStart);
        process.pipeline.starting(List.of(collection));
        process.wake(collection);
        quickly().until(() -> history.active().isEmpty());
        process.wake(collection);
        quickly().until(() -> history.active().isEmpty());
        return process.events.all(RunStarted.class).stream()
                .map(event -> event.run().kind())
                .toList();
    }

    private CompletableFuture<Void> drain(Duration grace) {
        return CompletableFuture.runAsync(() -> {
            try {
                pipeline.drain(grace);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Run claim() {
        return TestRuns.claim(runs.ledger, TestRuns.named(NAME), new Decision.Start(RunKind.SCHEDULE, START, null))
                .orElseThrow();
    }

    private Run newest() {
        return TestRuns.newest(history, NAME, 1).get(0);
    }

    private void awaitCalls(int expected) {
        quickly().until(() -> calls.get() == expected);
    }

    /** At least so often: a slot that became due meanwhile may have had its run as well. */
    private static void awaitFreed(TestRuns process, int times) {
        quickly().until(() -> process.events.all(CollectionFreed.class).size() >= times);
    }

    private static ConditionFactory quickly() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO);
    }

    private Collector succeeding() {
        return collector(() -> {});
    }

    /** Goes on until it is released or interrupted. */
    private Collector blocking() {
        return collector(() -> {
            if (!release.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not released");
            }
        });
    }

    private Collector ignoring() {
        return collector(() -> AttemptExecutionTests.awaitUninterruptibly(release));
    }

    private Collector failing(int times) {
        return collector(() -> {
            if (calls.get() <= times) {
                throw new IllegalStateException("no answer");
            }
        });
    }

    /** What a collector does before it answers. */
    private interface Deed {
        void act() throws Exception;
    }

    private Collector collector(Deed deed) {
        return TestCollector.of(context -> {
            calls.incrementAndGet();
            deed.act();
            return answer();
        });
    }

    private static Collected answer() {
        return TestCollector.data();
    }

    /** Whoever reads it on the thread that made it lets somebody else go first. */
    private static final class InterruptibleClock extends Clock {

        private final Clock clock;
        private final Thread interrupted = Thread.currentThread();
        private Runnable interruption = () -> {};

        InterruptibleClock(Clock clock) {
            this.clock = clock;
        }

        void interruptBy(Runnable deed) {
            interruption = deed;
        }

        @Override
        public Instant instant() {
            if (Thread.currentThread() == interrupted) {
                interruption.run();
            }
            return clock.instant();
        }

        @Override
        public ZoneId getZone() {
            return clock.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
