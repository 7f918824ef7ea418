package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunEvent.CollectionRecovered;
import org.collectionscheduler.run.RunEvent.CollectionResumed;
import org.collectionscheduler.run.RunEvent.CollectionSuspended;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decider;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.Suspension;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rests, pauses, lanes and deadlines from the decision to what is stored of them. A database's test only opens it. */
@Timeout(60)
abstract class PolicyContract {

    private static final String NAME = "metadata";
    private static final Instant START = MutableClock.START;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final RetryPolicy ONCE = new RetryPolicy(1, Duration.ZERO, 1, Duration.ZERO, 0);

    final MutableClock clock = new MutableClock();
    private final MutableTicker ticker = new MutableTicker();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean sick = true;
    private Store store;
    private TestRuns runs;
    private int awaited;

    abstract Store open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        runs = process();
    }

    @AfterEach
    void closeStore() {
        release.countDown();
        store.close();
    }

    @Test
    void failingCollectionsRestLongerAndLongerUntilAProbeSucceeds() {
        ScheduledCollection collection = runs.register(NAME, sickly(), this::twoFailuresRest);
        slot(collection, 0);
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.ACTIVE);
        slot(collection, 1);
        assertThat(runs.record(NAME).suspendedUntil()).isEqualTo(START.plus(HOUR.multipliedBy(3)));
        // The slot at the very end of the rest is the probe: 2 + 2 hours, then 4, then never more than 4.
        slotIsRested(collection, 2);
        slot(collection, 3);
        slotIsRested(collection, 4);
        slotIsRested(collection, 6);
        slot(collection, 7);
        slotIsRested(collection, 10);
        sick = false;
        slot(collection, 11);

        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(runs.record(NAME).counters())
                .extracting(
                        CollectionRecord.Counters::failed,
                        CollectionRecord.Counters::consecutiveFailures,
                        CollectionRecord.Counters::skipped)
                .containsExactly(4L, 0L, 0L);
        slot(collection, 12);
        assertThat(scheduledHours()).containsExactly(0L, 1L, 3L, 7L, 11L, 12L);
        assertThat(runs.events.all(CollectionSuspended.class))
                .extracting(event -> Duration.between(event.run().createdAt(), event.until()))
                .containsExactly(HOUR.multipliedBy(2), HOUR.multipliedBy(4), HOUR.multipliedBy(4));
        assertThat(runs.events.all(CollectionRecovered.class)).hasSize(1);
    }

    @Test
    void aRestSurvivesTheProcess() {
        runs.register(NAME, sickly(), this::twoFailuresRest);
        suspend();
        TestRuns next = process();
        ScheduledCollection collection = next.register(NAME, sickly(), this::twoFailuresRest);

        assertThat(next.record(NAME).state()).isEqualTo(CollectionState.SUSPENDED);
        assertThat(next.wake(collection)).contains(START.plus(HOUR.multipliedBy(3)));
        assertThat(calls).hasValue(2);
    }

    @Test
    void anOperatorEndsARestAndTheNextFailureBeginsAnother() {
        ScheduledCollection collection = suspend();
        clock.advance(Duration.ofMinutes(30));

        assertThat(runs.interventions.resume(collection, TestRuns.CAUSE)).isTrue();

        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(runs.events.all(CollectionResumed.class)).hasSize(1);
        assertThat(runs.interventions.resume(collection, TestRuns.CAUSE)).isFalse();
        awaited = freed(runs);
        slot(collection, 2);
        assertThat(runs.record(NAME).suspendedUntil()).isEqualTo(START.plus(HOUR.multipliedBy(6)));
    }

    @Test
    void aDemandRunsDuringARestAndItsSuccessEndsIt() {
        ScheduledCollection collection = suspend();
        clock.advance(Duration.ofMinutes(10));
        demand(collection);
        assertThat(runs.record(NAME).suspendedUntil())
                .as("a failed demand counts, too")
                .isEqualTo(clock.instant().plus(HOUR.multipliedBy(4)));
        sick = false;
        clock.advance(Duration.ofMinutes(10));
        demand(collection);

        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.ACTIVE);
        slot(collection, 2);
        assertThat(runs.record(NAME).counters().succeeded()).isEqualTo(2);
    }

    @Test
    void aPauseOutlastsARestASuccessAndTheProcess() {
        ScheduledCollection collection = suspend();
        assertThat(runs.interventions.pause(collection, TestRuns.CAUSE)).isTrue();
        assertThat(runs.interventions.pause(collection, TestRuns.CAUSE)).isFalse();
        sick = false;
        demand(collection);
        assertThat(runs.events.all(CollectionRecovered.class)).hasSize(1);
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.PAUSED);

        clock.set(START.plus(HOUR.multipliedBy(10)));
        TestRuns next = process();
        ScheduledCollection again = next.register(NAME, sickly(), this::twoFailuresRest);
        next.pipeline.starting(List.of(again));
        assertThat(next.record(NAME).state()).isEqualTo(CollectionState.PAUSED);
        assertThat(next.wake(again)).isEmpty();
        assertThat(calls).hasValue(3);

        assertThat(next.interventions.resume(again, new Cause("test", "all is well")))
                .isTrue();
        assertThat(next.wake(again)).as("nothing was missed").contains(START.plus(HOUR.multipliedBy(11)));
        assertThat(calls).hasValue(3);
        assertThat(next.history.audit(NAME, null, 10).rows())
                .extracting(AuditEntry::action, AuditEntry::reason)
                .containsExactlyInAnyOrder(
                        tuple(AuditEntry.Action.RESUME, "all is well"),
                        tuple(AuditEntry.Action.RUN, null),
                        tuple(AuditEntry.Action.PAUSE, null));
    }

    @Test
    void aClockThatWentBackDoesNotMakeARestEndless() {
        clock.set(START.plus(Duration.ofDays(300)));
        ScheduledCollection collection = runs.register(NAME, sickly(), this::twoFailuresRest);
        slot(collection, 300 * 24);
        slot(collection, 300 * 24 + 1);
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.SUSPENDED);
        clock.set(START);
        sick = false;

        slot(collection, 1);

        assertThat(calls).hasValue(3);
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void theEndOfARestForgetsWhatAClockSettledThatHasGoneBack() {
        ScheduledCollection collection = suspend();
        sick = false;
        clock.set(START.plus(Duration.ofMinutes(150)));
        demand(collection);
        assertThat(runs.record(NAME).settledUntil()).isEqualTo(clock.instant());
        clock.set(START.plus(Duration.ofMinutes(70)));
        sick = true;
        demand(collection);
        demand(collection);
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.SUSPENDED);
        sick = false;
        demand(collection);

        assertThat(runs.record(NAME).settledUntil()).isEqualTo(clock.instant());
        slot(collection, 2);
        assertThat(TestRuns.newest(runs.history, NAME, 10))
                .extracting(Run::scheduledAt, Run::outcome)
                .contains(tuple(START.plus(HOUR.multipliedBy(2)), RunOutcome.SUCCEEDED));
    }

    /** Whoever wakes collections need not look at one again after a run that changed nothing else. */
    @Test
    void onlyAnEndThatMovesTheNextSlotLeavesSomethingToDecide() {
        ScheduledCollection collection = suspend();
        sick = false;
        clock.advance(Duration.ofMinutes(10));
        demand(collection);
        clock.advance(Duration.ofMinutes(10));
        demand(collection);

        assertThat(runs.events.all(CollectionFreed.class))
                .extracting(CollectionFreed::undecided)
                .as("a failure, the one that leads to a rest, the success that ends it, and a success")
                .containsExactly(false, true, true, false);
    }

    @Test
    void twoLanesRunAtOnceAndAThirdSlotIsSkipped() {
        ScheduledCollection collection = runs.register(NAME, blocking(), spec -> spec.maxOverlap = 2);
        for (int hour = 0; hour < 3; hour++) {
            clock.set(START.plus(HOUR.multipliedBy(hour)));
            runs.wake(collection);
            int begun = Math.min(2, hour + 1);
            quickly(() -> calls.get() == begun);
        }
        assertThat(runs.history.active()).hasSize(2);
        assertThat(runs.pipeline.demand(collection, TestRuns.CAUSE)).isEmpty();
        assertThat(runs.events.all(RunSkipped.class))
                .extracting(RunSkipped::reason, event -> event.run().scheduledAt())
                .containsExactly(tuple(SkipReason.OVERLAP, START.plus(HOUR.multipliedBy(2))));
        release.countDown();
        awaitFreed(runs, 2);
        assertThat(runs.record(NAME).counters())
                .extracting(CollectionRecord.Counters::succeeded, CollectionRecord.Counters::skipped)
                .containsExactly(2L, 1L);
    }

    @Test
    void anAttemptThatIsStuckTakesALaneFromDemandsToo() {
        ScheduledCollection collection = runs.register(NAME, blocking(), spec -> {
            spec.maxOverlap = 2;
            spec.timeout = Duration.ofMillis(50);
            spec.retry = ONCE;
        });
        runs.wake(collection);
        quickly(() -> calls.get() == 1);
        ScheduledCollection patient = runs.register(NAME, blocking(), spec -> spec.maxOverlap = 2);
        clock.advance(HOUR);
        runs.wake(patient);
        quickly(() -> calls.get() == 2);
        quickly(() -> runs.pipeline.stuck().size() == 1);
        awaitFreed(runs, 1);
        assertThat(runs.history.active()).as("the second lane").hasSize(1);

        assertThat(runs.pipeline.demand(patient, TestRuns.CAUSE)).isEmpty();
    }

    @Test
    void aDemandThatWaitsTooLongIsSkipped() {
        TestRuns single = single();
        ScheduledCollection busy = single.register("busy", blocking());
        ScheduledCollection collection = single.register(NAME, sickly(), spec -> {
            spec.queueTimeout = Duration.ofMinutes(5);
            spec.offset = Duration.ofMinutes(30);
        });
        single.wake(busy);
        quickly(() -> calls.get() == 1);
        clock.advance(Duration.ofMinutes(2));
        Run demand = single.pipeline.demand(collection, TestRuns.CAUSE).orElseThrow();
        clock.advance(Duration.ofMinutes(5));
        assertThat(single.wake(collection)).contains(clock.instant().plusMillis(1));
        clock.advance(Duration.ofMillis(1));

        single.wake(collection);

        assertSkipped(single, demand, "queue-timeout", 1);
        assertThat(single.pipeline.waiting()).isZero();
        release.countDown();
        awaitFreed(single, 2);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatGetsItsPermitTooLateDoesNotStart() {
        TestRuns single = single();
        ScheduledCollection busy = single.register("busy", blocking());
        ScheduledCollection collection =
                single.register(NAME, sickly(), spec -> spec.startDeadline = Duration.ofMinutes(5));
        single.wake(busy);
        quickly(() -> calls.get() == 1);
        clock.advance(HOUR.multipliedBy(2));
        single.wake(collection);
        Run queued = single.history.active().stream()
                .filter(run -> run.collection().equals(NAME))
                .findFirst()
                .orElseThrow();
        assertThat(queued.missedCount()).isEqualTo(3);
        // The machine sleeps; nobody wakes the collection before the permit is free.
        clock.advance(Duration.ofMinutes(6));

        release.countDown();
        awaitFreed(single, 2);

        assertSkipped(single, queued, "start-deadline", 3);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRunThatHasJustGotItsPermitIsNotDecidedAboutForEver() {
        CountDownLatch begun = new CountDownLatch(1);
        HeldClock held = new HeldClock(clock, begun, release);
        TestRuns process = new TestRuns(store, held, ticker, 2);
        ScheduledCollection collection =
                process.register(NAME, sickly(), spec -> spec.queueTimeout = Duration.ofMinutes(5));
        process.pipeline.demand(collection, TestRuns.CAUSE);
        quickly(() -> begun.getCount() == 0);
        clock.advance(Duration.ofMinutes(6));

        assertThat(process.wake(collection)).as("it will be free").isEmpty();

        release.countDown();
        awaitFreed(process, 1);
        assertThat(TestRuns.newest(process.history, NAME, 10)).hasSize(1);
    }

    @Test
    void aRetryThatGetsItsPermitTooLateIsNotMade() {
        TestRuns single = single();
        ScheduledCollection collection =
                single.register(NAME, sickly(), spec -> spec.startDeadline = Duration.ofMinutes(5));
        queueItsRetry(single, collection);
        clock.advance(Duration.ofMinutes(6));

        release.countDown();
        awaitFreed(single, 3);

        Run run = TestRuns.newest(single.history, NAME, 1).get(0);
        assertThat(run.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(calls).hasValue(2);
        assertThat(single.record(NAME).counters().failed()).isEqualTo(1);
    }

    @Test
    void aRetryThatWaitsForAPermitGivesWayToTheNextSlot() {
        TestRuns single = single();
        ScheduledCollection collection = single.register(NAME, sickly());
        queueItsRetry(single, collection);
        Run retry = TestRuns.newest(single.history, NAME, 1).get(0);
        clock.advance(HOUR);

        single.wake(collection);

        assertThat(single.history.run(retry.id()).orElseThrow().outcome()).isEqualTo(RunOutcome.FAILED);
        Run next = TestRuns.newest(single.history, NAME, 1).get(0);
        assertThat(next.id()).isNotEqualTo(retry.id());
        assertThat(next.state()).isEqualTo(RunState.WAITING);
        assertThat(single.pipeline.waiting()).isEqualTo(1);
        assertThat(single.history.attempts(retry.id())).hasSize(1);
    }

    @Test
    void aRetryThatGetsItsPermitAfterTheNextSlotIsNotMade() {
        TestRuns single = single();
        ScheduledCollection collection = single.register(NAME, sickly());
        queueItsRetry(single, collection);
        Run retry = TestRuns.newest(single.history, NAME, 1).get(0);
        // The machine sleeps; nobody wakes the collection before the permit is free.
        clock.advance(HOUR);

        release.countDown();
        awaitFreed(single, 3);

        assertThat(single.history.attempts(retry.id())).hasSize(1);
        assertThat(single.history.run(retry.id()).orElseThrow().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(single.record(NAME).counters().failed()).isEqualTo(1);
    }

    @Test
    void factsAreToldAfterTheyAreStored() {
        List<String> untrue = new ArrayList<>();
        runs.events.listen(event -> {
            if (event instanceof CollectionSuspended suspended) {
                expect(untrue, suspended, Objects.equals(runs.record(NAME).suspendedUntil(), suspended.until()));
            } else if (event instanceof CollectionRecovered || event instanceof CollectionResumed) {
                expect(untrue, event, runs.record(NAME).suspendedUntil() == null);
            } else if (event instanceof RunFinished finished) {
                expect(
                        untrue,
                        event,
                        runs.history.run(finished.run().id()).orElseThrow().equals(finished.run()));
            }
        });
        ScheduledCollection collection = suspend();
        sick = false;
        slot(collection, 3);

        assertThat(runs.events.all(CollectionRecovered.class)).hasSize(1);
        assertThat(untrue).isEmpty();
        assertThat(Decider.state(collection.rules().schedule(), runs.pipeline.progress(collection)))
                .isEqualTo(CollectionState.ACTIVE);
    }

    /** Its first attempt fails, and another collection takes the only permit before the next one. */
    private void queueItsRetry(TestRuns single, ScheduledCollection collection) {
        single.wake(collection);
        awaitFreed(single, 1);
        ScheduledCollection busy = single.register("busy", blocking());
        single.wake(busy);
        quickly(() -> calls.get() == 2);
        clock.advance(Duration.ofSeconds(10));
        single.wake(collection);
        assertThat(single.pipeline.waiting()).isEqualTo(1);
    }

    private static void expect(List<String> untrue, RunEvent event, boolean stored) {
        if (!stored) {
            untrue.add(event.toString());
        }
    }

    private void twoFailuresRest(TestRuns.Spec spec) {
        spec.retry = ONCE;
        spec.suspension = new Suspension(2, HOUR.multipliedBy(2), HOUR.multipliedBy(4));
    }

    /** After its slots at 0 and at 1 o'clock have failed it rests until 3 o'clock. */
    private ScheduledCollection suspend() {
        ScheduledCollection collection = runs.register(NAME, sickly(), this::twoFailuresRest);
        slot(collection, 0);
        slot(collection, 1);
        assertThat(runs.record(NAME).suspendedUntil()).isEqualTo(START.plus(HOUR.multipliedBy(3)));
        return collection;
    }

    private void slot(ScheduledCollection collection, int hour) {
        clock.set(START.plus(HOUR.multipliedBy(hour)));
        int before = calls.get();
        runs.wake(collection);
        awaitFreed(runs, ++awaited);
        assertThat(calls).as("runs at hour " + hour).hasValue(before + 1);
    }

    private void slotIsRested(ScheduledCollection collection, int hour) {
        clock.set(START.plus(HOUR.multipliedBy(hour)));
        int before = calls.get();
        assertThat(runs.wake(collection))
                .isEqualTo(Decider.nextRunAt(collection.rules(), runs.pipeline.progress(collection), clock.instant()));
        assertThat(runs.history.active()).isEmpty();
        assertThat(calls).hasValue(before);
    }

    private void demand(ScheduledCollection collection) {
        assertThat(runs.pipeline.demand(collection, TestRuns.CAUSE)).isPresent();
        awaitFreed(runs, ++awaited);
    }

    private void assertSkipped(TestRuns process, Run run, String reason, long slots) {
        Run ended = process.history.run(run.id()).orElseThrow();
        assertThat(ended.outcome()).isEqualTo(RunOutcome.SKIPPED);
        assertThat(ended.reason()).isEqualTo(reason);
        assertThat(process.history.attempts(run.id())).isEmpty();
        assertThat(process.record(run.collection()).counters().skipped()).isEqualTo(slots);
        assertThat(process.events.all(RunSkipped.class))
                .extracting(event -> event.run().id(), RunSkipped::count)
                .containsExactly(tuple(run.id(), slots));
    }

    private List<Long> scheduledHours() {
        return TestRuns.newest(runs.history, NAME, 100).stream()
                .map(run -> Duration.between(START, Objects.requireNonNull(run.scheduledAt()))
                        .toHours())
                .sorted()
                .toList();
    }

    private TestRuns process() {
        return new TestRuns(store, clock, ticker, 4);
    }

    private TestRuns single() {
        return new TestRuns(store, clock, ticker, 1);
    }

    private static int freed(TestRuns process) {
        return process.events.all(CollectionFreed.class).size();
    }

    private static void awaitFreed(TestRuns process, int times) {
        quickly(() -> freed(process) >= times);
    }

    private static void quickly(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO)
                .until(condition);
    }

    private Collector sickly() {
        return collector(call -> {
            if (sick) {
                throw new IllegalStateException("no answer");
            }
        });
    }

    /** Until it is released, whoever interrupts it. */
    private Collector blocking() {
        return collector(call -> AttemptExecutionTests.awaitUninterruptibly(release));
    }

    private Collector collector(Consumer<Integer> deed) {
        return TestCollector.of(context -> {
            deed.accept(calls.incrementAndGet());
            return TestCollector.data();
        });
    }

    /** Threads of runs wait for a release when they look at it. */
    private static final class HeldClock extends MutableClock {

        private final MutableClock clock;
        private final CountDownLatch begun;
        private final CountDownLatch release;

        HeldClock(MutableClock clock, CountDownLatch begun, CountDownLatch release) {
            this.clock = clock;
            this.begun = begun;
            this.release = release;
        }

        @Override
        public Instant instant() {
            if (Thread.currentThread().getName().startsWith("run-")) {
                begun.countDown();
                try {
                    assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return clock.instant();
        }
    }
}
