package org.collectionscheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WakingQueueTests {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<String> done = new CopyOnWriteArrayList<>();

    /** Threads that a test starts by hand. */
    private final Queue<Runnable> lent = new ArrayDeque<>();

    @AfterEach
    void close() {
        release.countDown();
        threads.shutdownNow();
    }

    @Test
    void soManyWakeAtATimeInTheOrderInWhichItWasAskedFor() {
        WakingQueue queue = new WakingQueue(2, lent::add);
        for (int i = 0; i < 5; i++) {
            queue.execute(waking("waking " + i));
        }

        assertThat(lent).hasSize(2);
        lent.remove().run();

        assertThat(done).containsExactly("waking 0", "waking 1", "waking 2", "waking 3", "waking 4");
        lent.remove().run();
        queue.execute(waking("later"));
        assertThat(lent).as("places that were left can be taken again").hasSize(1);
        lent.remove().run();
        assertThat(done).last().isEqualTo("later");
    }

    @Test
    void aThreadThatMakesAnAttemptLeavesItsPlaceToAnother() {
        WakingQueue queue = new WakingQueue(1, threads);
        List<Thread> wakers = new CopyOnWriteArrayList<>();
        AtomicInteger attempts = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            queue.execute(() -> {
                Thread waker = Thread.currentThread();
                wakers.add(waker);
                return Optional.of(() -> {
                    assertThat(Thread.currentThread()).isSameAs(waker);
                    attempts.incrementAndGet();
                    passed();
                });
            });
        }

        await().untilAsserted(() -> assertThat(attempts).hasValue(3));
        assertThat(wakers).doesNotHaveDuplicates();
    }

    @Test
    void aRefusedThreadIsToldAndNothingOfThatWakingIsLeft() {
        List<Error> refusals = new ArrayList<>(List.of(new OutOfMemoryError("unable to create native thread")));
        WakingQueue queue = new WakingQueue(1, work -> {
            if (!refusals.isEmpty()) {
                throw refusals.remove(0);
            }
            lent.add(work);
        });

        assertThatThrownBy(() -> queue.execute(waking("refused"))).isInstanceOf(OutOfMemoryError.class);
        queue.execute(waking("next"));
        lent.remove().run();

        assertThat(done).containsExactly("next");
    }

    /** The thread that makes an attempt looks again when it has made it. */
    @Test
    void whatWaitsIsWokenAlthoughNobodyTookThePlaceThatWasLeft() {
        AtomicInteger refusals = new AtomicInteger();
        WakingQueue queue = new WakingQueue(1, work -> {
            if (refusals.getAndIncrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            lent.add(work);
        });
        queue.execute(() -> {
            done.add("first");
            return Optional.of(() -> done.add("attempt"));
        });
        queue.execute(waking("second"));

        lent.remove().run();

        assertThat(done).containsExactly("first", "attempt", "second");
        assertThat(refusals).hasValue(2);
    }

    @Test
    void aWakingThatFailsKeepsNoPlace() {
        WakingQueue queue = new WakingQueue(1, lent::add);
        queue.execute(() -> {
            throw new IllegalStateException("a fault");
        });
        assertThatThrownBy(() -> lent.remove().run()).hasMessage("a fault");

        queue.execute(waking("next"));

        lent.remove().run();
        assertThat(done).containsExactly("next");
    }

    private Supplier<Optional<Runnable>> waking(String name) {
        return () -> {
            done.add(name);
            return Optional.empty();
        };
    }

    private void passed() {
        try {
            assertThat(release.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
