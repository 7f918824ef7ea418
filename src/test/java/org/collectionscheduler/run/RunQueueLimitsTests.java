package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/** How collectors share the permits. What may start has a thread by the time that {@code submit} returns. */
@Timeout(30)
class RunQueueLimitsTests {

    private static final Instant DUE = MutableClock.START;
    private static final String HUNGRY = "hungry";
    private static final String MODEST = "modest";

    private final SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("run-queue-limits-");
    private final AtomicInteger dropped = new AtomicInteger();
    /** What has begun, in that order; what is to end it. */
    private final List<String> begun = new ArrayList<>();

    private final Map<String, CountDownLatch> ends = new ConcurrentHashMap<>();

    @AfterEach
    void endAll() {
        ends.values().forEach(CountDownLatch::countDown);
    }

    @Test
    void aCollectorHasNoMoreRunsThanItsOwnLimit() {
        RunQueue queue = queue(10, collector -> collector.equals(HUNGRY) ? 3 : 10);

        submitMany(queue, HUNGRY, 20);

        assertThat(queue.waiting()).isEqualTo(17);
        awaitBegun("hungry-0", "hungry-1", "hungry-2");
        end("hungry-1");
        awaitBegun("hungry-0", "hungry-1", "hungry-2", "hungry-3");
        assertThat(queue.waiting()).isEqualTo(16);
    }

    @Test
    void oneThatIsAtItsLimitDelaysNoOther() {
        RunQueue queue = queue(10, collector -> collector.equals(HUNGRY) ? 3 : 10);
        submitMany(queue, HUNGRY, 20);

        submit(queue, MODEST, 0, DUE.plusSeconds(3600));
        submit(queue, MODEST, 1, DUE.plusSeconds(3600));

        assertThat(queue.waiting())
                .as("those of the hungry one, though they are due earlier")
                .isEqualTo(17);
        await().until(() -> copy().containsAll(List.of("modest-0", "modest-1")));
    }

    /** One permit is free all the time, for the one that runs nothing. */
    @Test
    void oneThatTakesAllItCanGetLeavesTheIdleAWay() {
        RunQueue queue = queue(8, collector -> 8);
        List.of(HUNGRY, MODEST).forEach(queue::expect);

        submitMany(queue, HUNGRY, 20);
        assertThat(queue.waiting()).isEqualTo(13);

        for (int i = 0; i < 5; i++) {
            String run = MODEST + "-" + i;
            submit(queue, MODEST, i, DUE.plusSeconds(3600));
            await().until(() -> copy().contains(run));
            assertThat(queue.waiting()).isEqualTo(13);
            end(run);
        }
    }

    @Test
    void halfOfThePermitsAreKeptAtMost() {
        RunQueue queue = queue(8, collector -> 8);
        List<String> idle = IntStream.range(0, 20).mapToObj(i -> "idle" + i).toList();
        idle.forEach(queue::expect);

        submitMany(queue, HUNGRY, 20);
        assertThat(queue.waiting()).as("half of the permits are its").isEqualTo(16);

        for (int i = 0; i < 4; i++) {
            submit(queue, idle.get(i), 0, DUE.plusSeconds(3600));
            assertThat(queue.waiting()).isEqualTo(16);
        }
        submit(queue, idle.get(4), 0, DUE.plusSeconds(3600));
        assertThat(queue.waiting()).as("all permits are taken").isEqualTo(17);

        end("idle0-0");
        await("the permit goes to one that runs nothing, though another is due earlier")
                .until(() -> copy().contains("idle4-0"));
        end("hungry-0");
        end("hungry-1");
        submit(queue, idle.get(5), 0, DUE.plusSeconds(3600));
        submit(queue, idle.get(6), 0, DUE.plusSeconds(3600));
        await().until(() -> copy().containsAll(List.of("idle5-0", "idle6-0")));
        assertThat(queue.waiting()).as("those of the hungry one").isEqualTo(16);
        assertThat(copy()).doesNotContain("hungry-4");
    }

    @Test
    void nothingIsKeptForCollectorsThatRunAlready() {
        RunQueue queue = queue(4, collector -> 4);
        List.of(HUNGRY, MODEST).forEach(queue::expect);
        submit(queue, MODEST, 0, DUE);

        submitMany(queue, HUNGRY, 5);

        assertThat(queue.waiting()).as("three of four permits are free for it").isEqualTo(2);
    }

    @Test
    void whatWaitsOfAllCollectorsGoesInTheOrderOfItsSlots() {
        RunQueue queue = queue(1, collector -> 1);
        submit(queue, HUNGRY, 0, DUE);
        submit(queue, HUNGRY, 1, DUE.plusSeconds(3));
        submit(queue, MODEST, 0, DUE.plusSeconds(2));
        submit(queue, "third", 0, DUE.plusSeconds(4));
        submit(queue, HUNGRY, 2, DUE.plusSeconds(1));
        submit(queue, MODEST, 1, DUE.plusSeconds(3));

        ends.values().forEach(CountDownLatch::countDown);

        await().until(() -> copy().size() == 6);
        assertThat(copy()).containsExactly("hungry-0", "hungry-2", "modest-0", "hungry-1", "modest-1", "third-0");
    }

    @Test
    void whatHasWaitedShowsByHowMuchItIsLate() {
        MutableClock clock = new MutableClock();
        CountDownLatch end = new CountDownLatch(1);
        ends.put("blocking", end);
        try (Store store = TestStores.sqliteMemory(clock)) {
            TestRuns runs = new TestRuns(store, clock, new MutableTicker(), 1);
            ScheduledCollection first = runs.register("first", new TestCollector("probe", true, context -> {
                assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
                return TestCollector.data();
            }));
            ScheduledCollection second = runs.register("second", TestCollector.succeeding());
            runs.wake(first);
            await().until(() -> TestRuns.newest(runs.history, "first", 1).get(0).state() == RunState.RUNNING);
            runs.wake(second);

            clock.advance(Duration.ofMinutes(5));
            assertThat(runs.pipeline.waiting()).isEqualTo(1);
            Run waiting = TestRuns.newest(runs.history, "second", 1).get(0);
            assertThat(waiting.state()).isEqualTo(RunState.WAITING);
            assertThat(waiting.startedAt()).isNull();

            end.countDown();
            await().until(() ->
                    TestRuns.newest(runs.history, "second", 1).get(0).isFinished());
            Run served = TestRuns.newest(runs.history, "second", 1).get(0);
            assertThat(served.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(served.scheduledAt()).isEqualTo(DUE);
            assertThat(served.startedAt()).isEqualTo(DUE.plus(Duration.ofMinutes(5)));
        }
    }

    @Test
    void nothingIsLostHoweverTheyShare() throws Exception {
        RunQueue queue = TestRuns.queue(6, collector -> collector.equals("c0") ? 1 : 4, threads);
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> most = new ConcurrentHashMap<>();
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 600; i++) {
            String collector = "c" + i % 4;
            queue.submit(new RunQueue.Work(
                    "run " + i,
                    collector,
                    DUE.plusSeconds(i * 7 % 100),
                    permit -> {
                        AtomicInteger now = running.computeIfAbsent(collector, name -> new AtomicInteger());
                        most.computeIfAbsent(collector, name -> new AtomicInteger())
                                .accumulateAndGet(now.incrementAndGet(), Math::max);
                        Thread.yield();
                        now.decrementAndGet();
                        done.incrementAndGet();
                    },
                    dropped::incrementAndGet));
        }

        await().until(() -> done.get() == 600);

        assertThat(queue.awaitIdle(Duration.ofSeconds(10))).isTrue();
        assertThat(queue.waiting()).isZero();
        assertThat(dropped).hasValue(0);
        assertThat(most.get("c0")).hasValue(1);
        assertThat(most.values()).allSatisfy(runs -> assertThat(runs).hasValueBetween(1, 4));
    }

    @Test
    void whatTheDeploymentsLimitKeepsBackStartsWhenThereIsRoomAgain() {
        Set<String> free = ConcurrentHashMap.newKeySet();
        AtomicInteger released = new AtomicInteger();
        RunQueue queue = TestRuns.queue(
                4,
                collector -> 4,
                collector -> collector.equals("limited") ? OptionalInt.of(3) : OptionalInt.empty(),
                (collector, most) -> {
                    assertThat(most).isEqualTo(3);
                    return free.contains(collector) ? Optional.of(released::incrementAndGet) : Optional.empty();
                },
                threads);
        AtomicInteger done = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            queue.submit(new RunQueue.Work(
                    "limited " + i, "limited", DUE, permit -> done.incrementAndGet(), dropped::incrementAndGet));
        }
        assertThat(queue.tryPermit("limited")).isEmpty();
        AtomicInteger other = new AtomicInteger();
        queue.submit(
                new RunQueue.Work("other", "other", DUE, permit -> other.incrementAndGet(), dropped::incrementAndGet));

        await().until(() -> other.get() == 1);
        assertThat(done).hasValue(0);
        assertThat(queue.waiting()).isEqualTo(3);
        free.add("limited");

        await().atMost(Duration.ofSeconds(5)).until(() -> done.get() == 3);
        await().until(() -> released.get() == 3);
        assertThat(queue.waiting()).isZero();
    }

    private RunQueue queue(int permits, ToIntFunction<String> most) {
        return TestRuns.queue(permits, most, threads);
    }

    private void submitMany(RunQueue queue, String collector, int count) {
        for (int i = 0; i < count; i++) {
            submit(queue, collector, i, DUE.plusSeconds(i));
        }
    }

    /** Runs until the test ends it. */
    private void submit(RunQueue queue, String collector, int number, Instant dueAt) {
        String name = collector + "-" + number;
        CountDownLatch end = ends.computeIfAbsent(name, key -> new CountDownLatch(1));
        Runnable work = () -> {
            synchronized (begun) {
                begun.add(name);
            }
            try {
                assertThat(end.await(25, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        queue.submit(new RunQueue.Work(name, collector, dueAt, permit -> work.run(), dropped::incrementAndGet));
    }

    private void end(String name) {
        java.util.Objects.requireNonNull(ends.get(name)).countDown();
    }

    private List<String> copy() {
        synchronized (begun) {
            return List.copyOf(begun);
        }
    }

    private void awaitBegun(String... names) {
        await().untilAsserted(() -> assertThat(copy()).containsExactlyInAnyOrder(names));
    }
}
