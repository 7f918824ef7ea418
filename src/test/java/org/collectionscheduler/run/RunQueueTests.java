package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

@Timeout(30)
class RunQueueTests {

    private static final Instant DUE = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Runnable NEVER = () -> {
        throw new AssertionError("dropped");
    };

    private final SimpleAsyncTaskExecutor threads = threads();
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch release = new CountDownLatch(1);

    @AfterEach
    void releaseAll() {
        release.countDown();
    }

    @Test
    void neverMoreThanItsPermitsRunAtATime() throws Exception {
        RunQueue queue = TestRuns.queue(3, collector -> 3, threads);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();

        for (int i = 0; i < 200; i++) {
            submit(
                    queue,
                    DUE,
                    () -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Thread.yield();
                        running.decrementAndGet();
                        done.incrementAndGet();
                    },
                    NEVER);
        }

        await().until(() -> done.get() == 200);
        assertThat(most).hasValueBetween(1, 3);
        assertThat(queue.awaitIdle(PATIENCE)).isTrue();
    }

    @Test
    void whatWaitsGoesInTheOrderOfItsSlots() {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        List<Integer> order = new CopyOnWriteArrayList<>();
        submit(queue, DUE, this::block, NEVER);

        for (int slot : new int[] {5, 2, 9, 1, 2}) {
            submit(queue, DUE.plusSeconds(slot), () -> order.add(slot), NEVER);
        }
        release.countDown();

        await().until(() -> order.size() == 5);
        assertThat(order).containsExactly(1, 2, 2, 5, 9);
    }

    @Test
    void aPermitComesBackWhateverTheWorkDoes() {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        AtomicBoolean done = new AtomicBoolean();

        for (int i = 0; i < 5; i++) {
            submit(
                    queue,
                    DUE,
                    () -> {
                        throw new IllegalStateException("a fault");
                    },
                    NEVER);
            submit(
                    queue,
                    DUE,
                    () -> {
                        throw new AssertionError("an error");
                    },
                    NEVER);
        }
        submit(queue, DUE, () -> done.set(true), NEVER);

        await().untilTrue(done);
    }

    @Test
    void workWaitsWhenThereIsNoThread() {
        List<Throwable> refusals =
                new ArrayList<>(List.of(new IllegalStateException("closed"), new OutOfMemoryError("no native thread")));
        Executor unreliable = work -> {
            if (refusals.isEmpty()) {
                threads.execute(work);
            } else {
                Throwable refusal = refusals.remove(0);
                if (refusal instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) refusal;
            }
        };
        RunQueue queue = TestRuns.queue(1, collector -> 1, unreliable);
        Queue<String> done = new ConcurrentLinkedQueue<>();

        assertThatThrownBy(() -> submit(queue, DUE.plusSeconds(1), () -> done.add("later"), NEVER))
                .isInstanceOf(NoThreadException.class)
                .hasMessageContaining("no thread");
        assertThatThrownBy(() -> submit(queue, DUE, () -> done.add("earlier"), NEVER))
                .isInstanceOf(NoThreadException.class);
        assertThat(queue.waiting()).isEqualTo(2);

        queue.startWaiting();

        await().until(() -> List.copyOf(done).equals(List.of("earlier", "later")));
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void nothingOvertakesWhatWaitsAndMayStart() {
        AtomicBoolean refusing = new AtomicBoolean(true);
        RunQueue queue = TestRuns.queue(2, collector -> 2, work -> {
            if (refusing.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(work);
        });
        assertThatThrownBy(() -> submit(queue, "a", DUE, this::block, NEVER)).isInstanceOf(NoThreadException.class);

        assertThat(queue.tryPermit("b")).isEmpty();

        refusing.set(false);
        queue.startWaiting();
        RunQueue.Permit permit = queue.tryPermit("b").orElseThrow();
        assertThat(queue.tryPermit("c")).as("both are taken").isEmpty();
        permit.giveBack();
        permit.giveBack();
        assertThat(queue.tryPermit("c")).isPresent();
        assertThat(queue.tryPermit("c")).as("it came back once").isEmpty();
    }

    @Test
    void aPermitThatIsLeftToAnotherComesBackWhenThatOneGivesItBack() throws Exception {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        RunQueue.Permit permit = queue.tryPermit("a").orElseThrow();

        permit.use(permit::leaveToAnother);

        assertThat(queue.awaitIdle(Duration.ZERO)).isFalse();
        permit.giveBack();
        assertThat(queue.awaitIdle(Duration.ZERO)).isTrue();
    }

    /** Results that wait to be stored hold nothing up, but are not more than there are permits. */
    @Test
    void anotherRunGoesWhileOneIsBeingStoredUnlessAsManyAre() throws Exception {
        RunQueue queue = TestRuns.queue(2, collector -> 2, threads);
        List<RunQueue.Permit> ending = List.of(permit(queue), permit(queue));
        assertThat(queue.tryPermit("a")).isEmpty();

        ending.forEach(RunQueue.Permit::ending);
        ending.forEach(RunQueue.Permit::ending);
        List<RunQueue.Permit> running = List.of(permit(queue), permit(queue));
        assertThat(queue.tryPermit("a")).as("each has let one go").isEmpty();
        running.get(0).ending();
        assertThat(queue.tryPermit("a")).as("two are being stored").isEmpty();

        ending.get(0).giveBack();
        assertThat(queue.tryPermit("a"))
                .as("its own was given back before that")
                .isEmpty();
        running.get(0).giveBack();
        RunQueue.Permit last = permit(queue);

        List.of(running.get(1), last).forEach(RunQueue.Permit::giveBack);
        assertThat(queue.awaitIdle(Duration.ZERO))
                .as("one is being stored still")
                .isFalse();
        ending.get(1).giveBack();
        assertThat(queue.awaitIdle(Duration.ZERO)).isTrue();
    }

    @Test
    void whatWaitsGoesWhileOneIsBeingStored() {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        CountDownLatch begun = new CountDownLatch(1);
        queue.submit(new RunQueue.Work(
                "stored",
                "a",
                DUE,
                permit -> {
                    permit.ending();
                    block();
                },
                NEVER));

        submit(queue, "a", DUE, begun::countDown, NEVER);

        hold(begun);
    }

    /** What others may begin then is counted by what is stored. */
    @Test
    void oneThatIsCountedInTheDeploymentKeepsItsPermitUntilItIsStored() {
        AtomicInteger released = new AtomicInteger();
        RunQueue queue = TestRuns.queue(
                1,
                collector -> 1,
                collector -> OptionalInt.of(1),
                (collector, most) -> Optional.of(released::incrementAndGet),
                threads);
        RunQueue.Permit permit = permit(queue);

        permit.ending();

        assertThat(queue.tryPermit("a")).isEmpty();
        assertThat(released).hasValue(0);
        permit.giveBack();
        assertThat(released).hasValue(1);
        assertThat(queue.tryPermit("a")).isPresent();
    }

    private static RunQueue.Permit permit(RunQueue queue) {
        return queue.tryPermit("a").orElseThrow();
    }

    @Test
    void noPermitIsKeptForACollectorThatIsForgotten() {
        RunQueue queue = TestRuns.queue(2, collector -> 2, threads);
        List.of("probe", "gone").forEach(queue::expect);
        AtomicInteger begun = new AtomicInteger();
        Runnable work = () -> {
            begun.incrementAndGet();
            block();
        };
        submit(queue, DUE, work, NEVER);
        submit(queue, DUE, work, NEVER);
        assertThat(queue.waiting()).as("a permit is kept").isEqualTo(1);

        queue.forget("probe");
        queue.forget("gone");
        queue.startWaiting();

        assertThat(queue.waiting()).isZero();
        await().until(() -> begun.get() == 2);
    }

    @Test
    void aThreadThatHasDoneItsWorkTakesTheNext() throws Exception {
        AtomicInteger started = new AtomicInteger();
        RunQueue queue = TestRuns.queue(1, collector -> 1, work -> {
            started.incrementAndGet();
            threads.execute(work);
        });
        AtomicInteger done = new AtomicInteger();
        submit(queue, DUE, this::block, NEVER);
        for (int i = 0; i < 50; i++) {
            submit(queue, DUE.plusSeconds(i), done::incrementAndGet, NEVER);
        }

        release.countDown();

        await().until(() -> done.get() == 50);
        assertThat(queue.awaitIdle(PATIENCE)).isTrue();
        assertThat(started).hasValue(1);
    }

    /** Its collector has become idle, so that no permit is kept for it any more: two may start where one ended. */
    @Test
    void workThatIsTakenIsDoneEvenWhenThereIsNoThreadForWhatMayStartBesideIt() throws Exception {
        AtomicBoolean refusing = new AtomicBoolean();
        RunQueue queue = TestRuns.queue(4, collector -> 4, work -> {
            if (refusing.get()) {
                throw new IllegalStateException("closed");
            }
            threads.execute(work);
        });
        List.of("a", "b", "c", "d").forEach(queue::expect);
        CountDownLatch endOfA = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        submit(queue, "a", DUE, () -> hold(endOfA), NEVER);
        submit(queue, "b", DUE, this::block, NEVER);
        submit(queue, "b", DUE, done::incrementAndGet, NEVER);
        submit(queue, "a", DUE.plusSeconds(1), late::incrementAndGet, NEVER);
        assertThat(queue.waiting()).isEqualTo(2);

        refusing.set(true);
        endOfA.countDown();

        await().until(() -> done.get() == 1);
        await().until(() -> late.get() == 1);
        release.countDown();
        assertThat(queue.awaitIdle(PATIENCE)).isTrue();
    }

    @Test
    void aClosedQueueDropsWhatWaitsAndWhatComesUntilItIsOpenAgain() throws Exception {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        AtomicInteger dropped = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        submit(queue, DUE, this::block, NEVER);
        submit(queue, DUE, done::incrementAndGet, dropped::incrementAndGet);

        queue.close();
        submit(queue, DUE, done::incrementAndGet, dropped::incrementAndGet);

        assertThat(dropped).hasValue(2);
        assertThat(queue.isOpen()).isFalse();
        release.countDown();
        assertThat(queue.awaitIdle(PATIENCE)).isTrue();
        assertThat(done).hasValue(0);

        queue.open();
        submit(queue, DUE, done::incrementAndGet, NEVER);
        await().until(() -> done.get() == 1);
    }

    @Test
    void aPermitThatComesBackInAMomentIsAwaited() throws Exception {
        boolean awaited = false;
        // On a busy machine the moment may be over before the permit is given back.
        for (int i = 0; i < 20 && !awaited; i++) {
            RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
            RunQueue.Permit first = queue.tryPermit("probe").orElseThrow();
            FutureTask<Optional<RunQueue.Permit>> second = new FutureTask<>(() -> queue.tryPermit("probe"));
            Thread waiting = new Thread(second, "waiting");
            waiting.start();
            await().pollInterval(Duration.ofMillis(1)).until(() -> isWaitingOrDone(waiting));
            first.giveBack();
            awaited = second.get(10, TimeUnit.SECONDS).isPresent();
        }
        assertThat(awaited).isTrue();
    }

    private static boolean isWaitingOrDone(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.TERMINATED;
    }

    @Test
    @Timeout(10)
    void whereNoPermitComesBackNobodyWaitsForOne() {
        RunQueue queue = TestRuns.queue(1, collector -> 1, threads);
        RunQueue.Permit held = queue.tryPermit("probe").orElseThrow();

        // A moment for each of them would be a minute.
        for (long i = 0; i < Duration.ofMinutes(1).dividedBy(RunQueue.MOMENT); i++) {
            assertThat(queue.tryPermit("probe")).isEmpty();
        }

        held.giveBack();
        assertThat(queue.tryPermit("probe")).isPresent();
    }

    @Test
    void idlenessIsAwaitedForABoundedTime() throws Exception {
        RunQueue queue = TestRuns.queue(2, collector -> 2, threads);
        assertThat(queue.awaitIdle(Duration.ZERO)).isTrue();
        submit(queue, DUE, this::block, NEVER);

        assertThat(queue.awaitIdle(Duration.ZERO)).isFalse();
        assertThat(queue.awaitIdle(Duration.ofMillis(50))).isFalse();

        release.countDown();
        assertThat(queue.awaitIdle(PATIENCE)).isTrue();
    }

    private void submit(RunQueue queue, Instant dueAt, Runnable work, Runnable dropped) {
        submit(queue, "probe", dueAt, work, dropped);
    }

    private void submit(RunQueue queue, String collector, Instant dueAt, Runnable work, Runnable dropped) {
        queue.submit(
                new RunQueue.Work("run " + runs.incrementAndGet(), collector, dueAt, permit -> work.run(), dropped));
    }

    private void block() {
        hold(release);
    }

    private static void hold(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without the printing of what tests throw on purpose. */
    private static SimpleAsyncTaskExecutor threads() {
        SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor();
        executor.setThreadFactory(work -> {
            Thread thread = new Thread(work, "run-queue-test");
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((t, e) -> {});
            return thread;
        });
        return executor;
    }
}
