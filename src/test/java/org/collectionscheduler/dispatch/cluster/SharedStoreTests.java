package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.collectionscheduler.dispatch.SteppedClock;
import org.collectionscheduler.run.Attempt;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.RetryPolicy;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What several processes that share one PostgreSQL do together. */
@Timeout(90)
class SharedStoreTests {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final RetryPolicy SOON = new RetryPolicy(3, Duration.ofMillis(50), 1, Duration.ofMillis(50), 0);

    private final DatabaseServer server = TestStores.server();
    private final Clock clock = Clock.tickMillis(java.time.ZoneOffset.UTC);
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        release.countDown();
        for (int i = closing.size() - 1; i >= 0; i--) {
            closing.get(i).close();
        }
    }

    @Test
    void eachSlotOfEachCollectionIsServedOnceAndOnTime() {
        AtomicInteger calls = new AtomicInteger();
        TestCollector counting = counting(calls);
        List<ClusterProcess> processes = List.of(process(), process(), process());
        List<String> names =
                IntStream.range(0, 30).mapToObj(i -> "collection-" + i).toList();
        processes.forEach(process -> start(
                process,
                names.stream()
                        .map(name -> every(process, name, SECOND, counting))
                        .toList()));

        await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() >= 30 * 5);
        processes.forEach(process -> process.dispatcher.stop());
        await().until(() -> processes.get(0).runs.history.active().isEmpty());

        Set<String> instances = names.stream()
                .flatMap(name -> finished(processes.get(0), name).stream())
                .map(Run::instance)
                .collect(Collectors.toSet());
        assertThat(instances).as("who has made them").hasSizeGreaterThan(1);
        int stored = 0;
        List<Duration> late = new ArrayList<>();
        for (String name : names) {
            List<Run> runs = finished(processes.get(0), name);
            stored += runs.size();
            assertThat(runs).extracting(Run::outcome).containsOnly(RunOutcome.SUCCEEDED);
            List<Run> inOrder =
                    runs.stream().sorted(Comparator.comparing(Run::scheduledAt)).toList();
            for (int i = 1; i < inOrder.size(); i++) {
                Run run = inOrder.get(i);
                long slots = Objects.requireNonNullElse(run.missedCount(), 1L);
                assertThat(Duration.between(inOrder.get(i - 1).scheduledAt(), run.scheduledAt()))
                        .as("each slot has its run, or is told as missed")
                        .isEqualTo(SECOND.multipliedBy(slots));
            }
            inOrder.forEach(run -> late.add(Duration.between(run.scheduledAt(), run.startedAt())));
        }
        assertThat(calls).hasValue(stored);
        assertThat(late).allSatisfy(each -> assertThat(each).isGreaterThanOrEqualTo(Duration.ZERO));
        late.sort(Comparator.naturalOrder());
        assertThat(late.get(late.size() / 2))
                .as("most are woken at their slots, and not by the poll of a second")
                .isLessThan(Duration.ofMillis(400));
    }

    @Test
    void theAttemptOfOneThatGivesNoSignOfLifeIsMadeAnewAndItsResultIsNotStored() throws Exception {
        ClusterProcess first = process();
        ClusterProcess second = process();
        CountDownLatch begun = new CountDownLatch(1);
        start(first, List.of(once(first, "taken-over", TestCollector.of(context -> {
            begun.countDown();
            awaitEvenIfInterrupted(release);
            return TestCollector.data();
        }))));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        String before = first.runs.instance.id();
        Runnable thaw = first.freeze();
        start(second, List.of(once(second, "taken-over", TestCollector.succeeding())));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> !finished(second, "taken-over").isEmpty());
        thaw.run();
        await().until(() -> !first.runs.instance.id().equals(before));
        release.countDown();

        Run run = finished(second, "taken-over").get(0);
        assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(run.instance()).isEqualTo(second.runs.instance.id());
        await().until(() -> first.runs.pipeline.running() == 0);
        assertThat(second.runs.history.attempts(run.id()))
                .extracting(Attempt::instance, Attempt::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(before, RunOutcome.ABANDONED),
                        org.assertj.core.groups.Tuple.tuple(second.runs.instance.id(), RunOutcome.SUCCEEDED));
        assertThat(second.runs.history.newestPayloadIds("taken-over", 10)).hasSize(1);
        assertThat(finished(second, "taken-over")).hasSize(1);
        assertThat(ids(second)).doesNotContain(before).contains(first.runs.instance.id());
    }

    @Test
    void whatWaitsInOneThatIsDrainedIsTakenByAnother() throws Exception {
        ClusterProcess first = process(1);
        ClusterProcess second = process(1);
        CountDownLatch begun = new CountDownLatch(1);
        TestCollector blocking = TestCollector.of(context -> {
            begun.countDown();
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            return TestCollector.data();
        });
        start(first, List.of(once(first, "long", blocking)));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second.instances.drain("unheard-of")).isFalse();
        ScheduledCollection demanded = once(first, "demanded", TestCollector.succeeding());
        start(second, List.of(once(second, "demanded", TestCollector.succeeding())));
        await().until(() -> finished(second, "demanded").size() == 1);
        Run waiting = first.runs.pipeline.demand(demanded, TestRuns.CAUSE).orElseThrow();
        assertThat(waiting.state()).isEqualTo(RunState.WAITING);

        assertThat(second.instances.drain(first.runs.instance.id())).isTrue();

        await().atMost(Duration.ofSeconds(2))
                .until(() -> finished(second, "demanded").size() == 2);
        assertThat(finished(second, "demanded")).extracting(Run::instance).containsOnly(second.runs.instance.id());
        assertThat(second.instances.list())
                .filteredOn(InstanceStatus::draining)
                .singleElement()
                .satisfies(drained -> {
                    assertThat(drained.id()).isEqualTo(first.runs.instance.id());
                    assertThat(drained.running()).isEqualTo(1);
                });
        release.countDown();
        await().until(() -> finished(second, "long").size() == 1);
        assertThat(finished(second, "long").get(0).outcome()).isEqualTo(RunOutcome.SUCCEEDED);
    }

    @Test
    void anAttemptThatIgnoresItsCancellationKeepsEveryProcessFromItsCollection() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        start(first, List.of(deaf(first)));
        await().until(() -> !first.runs.pipeline.stuck().isEmpty());
        AtomicInteger calls = new AtomicInteger();
        start(second, List.of(every(second, "deaf", SECOND, counting(calls))));
        first.dispatcher.stop();

        await().atMost(Duration.ofSeconds(15))
                .until(() -> finished(second, "deaf").stream().anyMatch(run -> "stuck".equals(run.reason())));
        assertThat(second.runs.pipeline.stuck()).extracting("collection").containsExactly("deaf");
        assertThat(calls).hasValue(0);
        release.countDown();
        await().until(() -> calls.get() > 0);
        assertThat(second.runs.pipeline.stuck()).isEmpty();
    }

    @Test
    void anAttemptThatIgnoresTheLossOfItsLeaseKeepsEveryProcessFromItsCollection() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        CountDownLatch begun = new CountDownLatch(1);
        start(first, List.of(every(first, "deaf", SECOND, TestCollector.of(context -> {
            begun.countDown();
            awaitEvenIfInterrupted(release);
            return TestCollector.data();
        }))));
        await().until(() -> begun.getCount() == 0);
        String before = first.runs.instance.id();
        Runnable thaw = first.freeze();
        AtomicInteger calls = new AtomicInteger();
        start(second, List.of(every(second, "deaf", SECOND, counting(calls))));
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.get() > 0);
        thaw.run();
        await().until(() -> !first.runs.instance.id().equals(before));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> finished(second, "deaf").stream().anyMatch(run -> "stuck".equals(run.reason())));
        assertThat(second.runs.pipeline.stuck()).extracting("collection").containsExactly("deaf");
        int known = calls.get();
        release.countDown();
        await().until(() -> calls.get() > known);
        assertThat(second.runs.pipeline.stuck()).isEmpty();
    }

    @Test
    void ofAnAttemptThatWasGivenUpBeforeTheLeaseWasLostTheOthersKnowStill() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        start(first, List.of(deaf(first)));
        String before = first.runs.instance.id();
        await().until(() -> stuckAttemptsOf(first, before) == 1);

        first.loseLease().run();
        await().until(() -> !first.runs.instance.id().equals(before));

        await().until(() -> stuckAttemptsOf(first, first.runs.instance.id()) == 1);
        assertThat(second.runs.pipeline.stuck()).extracting("collection").containsExactly("deaf");
    }

    private static long stuckAttemptsOf(ClusterProcess process, String instance) {
        return process.jdbc()
                .sql("SELECT COUNT(*) FROM stuck_attempt WHERE instance = :instance")
                .param("instance", instance)
                .query(Long.class)
                .single();
    }

    @Test
    void aResumptionWhereTheCollectionIsNotServedIsHeardWhereItIs() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        AtomicInteger calls = new AtomicInteger();
        TestCollector counting = counting(calls);
        start(first, List.of(every(first, "other", SECOND, TestCollector.succeeding())));
        start(second, List.of(every(second, "held", SECOND, counting)));
        await().until(() -> calls.get() >= 1);
        ScheduledCollection notServed = every(first, "held", SECOND, counting);
        assertThat(first.runs.interventions.pause(notServed, TestRuns.CAUSE)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> isParked(second, "held"));
        int before = calls.get();

        assertThat(first.runs.interventions.resume(notServed, TestRuns.CAUSE)).isTrue();

        await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() > before);
    }

    @Test
    void whatOneCannotReadItLeavesToOthersOnceItIsMended() {
        ClusterProcess process = process();
        AtomicInteger calls = new AtomicInteger();
        start(process, List.of(every(process, "torn", SECOND, counting(calls))));
        await().until(() -> calls.get() >= 1);
        process.jdbc()
                .sql("UPDATE collection SET state = 'STRANGE' WHERE name = 'torn'")
                .update();
        await().until(() -> process.runs.pipeline.isQuarantined("torn"));
        await().atMost(Duration.ofSeconds(20)).until(() -> isParked(process, "torn"));

        process.jdbc()
                .sql("UPDATE collection SET state = 'ACTIVE' WHERE name = 'torn'")
                .update();
        process.jdbc()
                .sql("UPDATE dispatch_task SET execution_time = now() WHERE task_instance = 'torn'")
                .update();

        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> !isParked(process, "torn"));
    }

    private static TestCollector counting(AtomicInteger calls) {
        return TestCollector.of(context -> {
            calls.incrementAndGet();
            return TestCollector.data();
        });
    }

    private static boolean isParked(ClusterProcess process, String collection) {
        return process.jdbc()
                .sql("SELECT COUNT(*) = 1 FROM dispatch_task WHERE task_instance = :name"
                        + " AND picked = FALSE AND execution_time >= '9999-01-01'")
                .param("name", collection)
                .query(Boolean.class)
                .single();
    }

    @Test
    void aPauseAndAResumptionInOneHoldForAll() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        AtomicInteger calls = new AtomicInteger();
        TestCollector counting = counting(calls);
        ScheduledCollection here = every(first, "held", SECOND, counting);
        ScheduledCollection there = every(second, "held", SECOND, counting);
        start(first, List.of(here));
        start(second, List.of(there));
        await().until(() -> calls.get() >= 2);

        second.runs.interventions.pause(there, TestRuns.CAUSE);
        await().until(() -> first.runs.history.active().isEmpty());
        int held = calls.get();
        await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(4)).until(() -> calls.get() == held);
        first.dispatcher.stop();
        second.runs.interventions.resume(there, TestRuns.CAUSE);

        await().atMost(Duration.ofMillis(2500)).until(() -> calls.get() > held);
    }

    @Test
    void whatIsDeclaredOtherwiseIsLeftToThoseThatDeclareItAsItIsInForce() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        ScheduledCollection inForce = every(first, "rolled", SECOND, TestCollector.succeeding());
        ScheduledCollection otherwise = new ScheduledCollection(
                "rolled", inForce.collector(), inForce.rules(), inForce.policy(), inForce.parameters(), "otherwise");
        start(second, List.of(otherwise));
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(3))
                .until(() -> finished(second, "rolled").isEmpty());

        start(first, List.of(inForce));

        await().until(() -> finished(first, "rolled").size() >= 4);
        assertThat(finished(first, "rolled")).extracting(Run::instance).containsOnly(first.runs.instance.id());
        assertThatThrownBy(() -> second.runs.pipeline.demand(otherwise, TestRuns.CAUSE))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("'rolled' is declared otherwise");
    }

    @Test
    void oneThatLacksACollectorLeavesItsCollectionsAndTheyStay() {
        ClusterProcess first = process();
        ClusterProcess second = process();
        start(
                first,
                List.of(every(
                        first, "known", SECOND, new TestCollector("rare", true, context -> TestCollector.data()))));
        await().until(() -> finished(first, "known").size() >= 1);
        first.dispatcher.stop();
        int before = finished(first, "known").size();
        start(second, List.of(every(second, "other", SECOND, TestCollector.succeeding())));
        await().until(() -> finished(second, "other").size() >= 3);
        assertThat(finished(second, "known")).hasSize(before);

        ClusterProcess third = process();
        start(
                third,
                List.of(every(
                        third, "known", SECOND, new TestCollector("rare", true, context -> TestCollector.data()))));

        await().until(() -> finished(third, "known").size() >= before + 2);
    }

    @Test
    void anAttemptUnderWayOutlastsTheRemovalOfItsCollectionElsewhere() throws Exception {
        ClusterProcess first = process();
        ClusterProcess second = process();
        CountDownLatch begun = new CountDownLatch(1);
        start(first, List.of(once(first, "removed", TestCollector.of(context -> {
            begun.countDown();
            assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
            return TestCollector.data();
        }))));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        second.runs.pipeline.remove("removed", () -> second.runs.interventions.remove("removed", TestRuns.CAUSE));
        second.runs.pipeline.abandonRetired();
        release.countDown();

        await().until(() -> finished(second, "removed").size() == 1);
        assertThat(finished(second, "removed").get(0).outcome()).isEqualTo(RunOutcome.SUCCEEDED);
    }

    @Test
    void theAttemptOfARetiredCollectionIsEndedByAnotherWhenItsInstanceDies() throws Exception {
        ClusterProcess first = process();
        ClusterProcess second = process();
        CountDownLatch begun = new CountDownLatch(1);
        start(first, List.of(once(first, "retired", TestCollector.of(context -> {
            begun.countDown();
            awaitEvenIfInterrupted(release);
            return TestCollector.data();
        }))));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        start(second, List.of(every(second, "other", SECOND, TestCollector.succeeding())));
        second.runs.pipeline.remove("retired", () -> second.runs.interventions.remove("retired", TestRuns.CAUSE));
        await().during(ClusterProcess.PROPERTIES.lease())
                .atMost(ClusterProcess.PROPERTIES.lease().multipliedBy(2))
                .until(() -> finished(second, "retired").isEmpty());

        first.freeze();

        await().atMost(ClusterProcess.PROPERTIES.lease().multipliedBy(3))
                .until(() -> !finished(second, "retired").isEmpty());
        assertThat(finished(second, "retired")).extracting(Run::outcome).containsExactly(RunOutcome.ABANDONED);
    }

    @Test
    void rowsOfWhatIsNoLongerDeclaredGoWithTheNextStart() {
        ClusterProcess first = process();
        start(first, List.of(every(first, "gone", SECOND, TestCollector.succeeding())));
        await().until(() -> !finished(first, "gone").isEmpty());
        first.dispatcher.stop();
        first.runs.interventions.remove("gone", TestRuns.CAUSE);

        ClusterProcess second = process();
        start(second, List.of(every(second, "kept", SECOND, TestCollector.succeeding())));

        await().until(() -> finished(second, "kept").size() >= 2);
        assertThat(second.rows("gone")).isZero();
        assertThat(second.rows("kept")).isEqualTo(1);
    }

    @Test
    void collectorsThatComeCloseTogetherMakeTheEngineStartAnewOnce() {
        ClusterProcess process = process();
        start(process, List.of(every(process, "first", SECOND, TestCollector.succeeding())));
        ListAppender<ILoggingEvent> logged = logged(PollingEngine.class);

        IntStream.range(0, 40).forEach(i -> {
            TestCollector collector = new TestCollector("new-" + i, true, context -> TestCollector.data());
            ScheduledCollection added = every(process, "added-" + i, Duration.ofSeconds(2), collector);
            process.runs.pipeline.added(List.of(added));
            process.dispatcher.add(added);
        });

        await().until(() -> !finished(process, "added-39").isEmpty());
        await().untilAsserted(() -> assertThat(List.of("added-0", "added-20", "added-39"))
                .as("woken by the engine, too")
                .allSatisfy(name -> assertThat(finished(process, name))
                        .hasSizeGreaterThan(1)
                        .satisfies(this::isOnTime)));
        assertThat(logged.list)
                .extracting(ILoggingEvent::getMessage)
                .filteredOn("the engine has started anew for new collectors"::equals)
                .hasSizeBetween(1, 3);
    }

    /** The newest one. */
    private void isOnTime(List<? extends Run> runs) {
        Run newest = runs.get(0);
        assertThat(Duration.between(newest.scheduledAt(), newest.startedAt()))
                .isBetween(Duration.ZERO, Duration.ofMillis(900));
    }

    private ListAppender<ILoggingEvent> logged(Class<?> by) {
        Logger logger = (Logger) LoggerFactory.getLogger(by);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        closing.add(() -> logger.detachAppender(logged));
        return logged;
    }

    @Test
    void oneWhoseClockIsFarOffClaimsNothing() {
        ClusterProcess off = new ClusterProcess(server, store(), Clock.offset(clock, Duration.ofSeconds(11)), 4);
        closing.add(off);
        ClusterProcess right = process();
        start(off, List.of(every(off, "timed", SECOND, TestCollector.succeeding())));
        await().until(() -> !off.runs.gate.reasons().isEmpty());
        ClaimGate gate = off.runs.gate;
        assertThat(gate.reasons().toString())
                .contains("ahead of the database's")
                .contains("NTP");
        assertThat(off.instances.clockDifference()).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(12));

        start(right, List.of(every(right, "timed", SECOND, TestCollector.succeeding())));

        await().atMost(Duration.ofSeconds(40))
                .until(() -> finished(right, "timed").size() >= 3);
        assertThat(finished(right, "timed")).extracting(Run::instance).containsOnly(right.runs.instance.id());
        assertThat(right.instances.clockDifference().abs()).isLessThan(SECOND);
    }

    @Test
    void oneWhoseClockIsSteppedClaimsNothingByItBeforeItIsCompared() {
        SteppedClock stepped = new SteppedClock();
        ClusterProcess process = new ClusterProcess(server, store(), stepped, 4);
        closing.add(process);
        AtomicInteger calls = new AtomicInteger();
        start(
                process,
                List.of(every(process, "timed", SECOND, counting(calls)), once(process, "later", counting(calls))));
        await().until(() -> calls.get() >= 3);

        stepped.step(Duration.ofHours(3));
        process.dispatcher.rearm();

        await().until(() -> !process.runs.gate.isOpen());
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> process.runs.pipeline.running() == 0);
        Instant latest = clock.instant().plusSeconds(1);
        assertThat(List.of("timed", "later"))
                .allSatisfy(name -> assertThat(TestRuns.newest(process.runs.history, name, 100))
                        .allSatisfy(run -> assertThat(run.scheduledAt()).isBefore(latest)));
        int before = calls.get();
        stepped.step(Duration.ofHours(-3));
        await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() > before + 2);
    }

    @Test
    void oneWhoseLeaseHasPassedClaimsNothingBeforeItHasRenewedIt() {
        ClusterProcess process = process();
        AtomicInteger calls = new AtomicInteger();
        start(process, List.of(every(process, "timed", SECOND, counting(calls))));
        await().until(() -> calls.get() > 0);
        String before = process.runs.instance.id();

        Runnable back = process.loseLease();

        await().atMost(Duration.ofSeconds(20)).until(() -> !process.runs.gate.isOpen());
        assertThat(process.runs.gate.reasons().toString()).contains("lease has passed");
        await().until(() -> process.runs.pipeline.running() == 0);
        int claimed = calls.get();
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(10)).until(() -> calls.get() == claimed);
        assertThat(process.runs.instance.id()).isEqualTo(before);
        back.run();
        await().atMost(Duration.ofSeconds(20)).until(() -> calls.get() > claimed + 1);
        assertThat(process.runs.gate.isOpen()).isTrue();
        assertThat(process.runs.instance.id()).isNotEqualTo(before);
    }

    @Test
    void aRunThatWaitsForAPermitOfOneInstanceIsNotGivenUpByAnother() {
        ClusterProcess first = process(1);
        ClusterProcess second = process(1);
        CountDownLatch begun = new CountDownLatch(2);
        for (ClusterProcess process : List.of(first, second)) {
            start(process, List.of(once(process, "busy-" + process.runs.instance.id(), TestCollector.of(context -> {
                begun.countDown();
                assertThat(release.await(60, TimeUnit.SECONDS)).isTrue();
                return TestCollector.data();
            }))));
        }
        await().until(() -> begun.getCount() == 0);
        ScheduledCollection waiting = every(first, "waiting", SECOND, TestCollector.succeeding());
        first.runs.pipeline.added(List.of(waiting));
        first.dispatcher.add(waiting);
        await().until(() -> first.runs.history.active().stream().anyMatch(run -> run.state() == RunState.WAITING));
        // It lives, but does not look at the next slots.
        first.engine.stop();
        Instant past = clock.instant().plusSeconds(2);
        await().until(() -> clock.instant().isAfter(past));

        second.runs.pipeline.added(List.of(waiting));
        second.dispatcher.add(waiting);

        await().until(() -> !finished(second, "waiting").isEmpty());
        assertThat(finished(first, "waiting")).extracting(Run::outcome).containsOnly(RunOutcome.SKIPPED);
        release.countDown();
        await().until(() -> finished(first, "waiting").stream().anyMatch(run -> run.outcome() == RunOutcome.SUCCEEDED));
        assertThat(finished(first, "waiting")).extracting(Run::outcome).doesNotContain(RunOutcome.ABANDONED);
    }

    /** Its attempts ignore their cancellation. */
    private ScheduledCollection deaf(ClusterProcess process) {
        TestCollector ignoring = TestCollector.of(context -> {
            awaitEvenIfInterrupted(release);
            return TestCollector.data();
        });
        return every(process, "deaf", SECOND, ignoring, Duration.ofMillis(300));
    }

    private Store store() {
        Store store = TestStores.shared(server, clock);
        closing.add(store);
        return store;
    }

    private ClusterProcess process() {
        return process(4);
    }

    private ClusterProcess process(int permits) {
        ClusterProcess process = new ClusterProcess(server, store(), clock, permits);
        closing.add(process);
        return process;
    }

    private void start(ClusterProcess process, Collection<ScheduledCollection> collections) {
        process.runs.pipeline.starting(collections);
        process.dispatcher.start(collections);
        closing.add(process.dispatcher::stop);
    }

    private static ScheduledCollection every(
            ClusterProcess process, String name, Duration interval, TestCollector collector) {
        return every(process, name, interval, collector, Duration.ofMinutes(1));
    }

    private static ScheduledCollection every(
            ClusterProcess process, String name, Duration interval, TestCollector collector, Duration timeout) {
        return register(process, name, collector, spec -> {
            spec.interval = interval;
            spec.timeout = timeout;
        });
    }

    /** Its first slot is now, and the next one in an hour. */
    private static ScheduledCollection once(ClusterProcess process, String name, TestCollector collector) {
        return register(process, name, collector, spec -> {});
    }

    private static ScheduledCollection register(
            ClusterProcess process, String name, TestCollector collector, Consumer<TestRuns.Spec> change) {
        return process.runs.register(name, collector, spec -> {
            spec.retry = SOON;
            change.accept(spec);
        });
    }

    private static List<Run> finished(ClusterProcess process, String name) {
        return TestRuns.newest(process.runs.history, name, 1000).stream()
                .filter(Run::isFinished)
                .toList();
    }

    private static List<String> ids(ClusterProcess process) {
        return process.instances.list().stream().map(InstanceStatus::id).toList();
    }

    private static void awaitEvenIfInterrupted(CountDownLatch latch) {
        boolean released = false;
        while (!released) {
            try {
                released = latch.await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                // This is a collector that ignores its cancellation.
            }
        }
    }
}
