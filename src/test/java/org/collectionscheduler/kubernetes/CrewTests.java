package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CrewTests {

    private static final Duration PATIENT = Duration.ofMinutes(1);

    private final List<String> items =
            IntStream.range(0, 500).mapToObj(i -> "namespace-" + i).toList();

    @Test
    void takesEachItemOnceAndFourAtATime() throws Exception {
        Set<String> taken = ConcurrentHashMap.newKeySet();
        CountDownLatch four = new CountDownLatch(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        Crew.each(items, PATIENT, item -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            four.countDown();
            await(four);
            assertThat(taken.add(item)).isTrue();
            now.decrementAndGet();
        });

        assertThat(taken).containsExactlyInAnyOrderElementsOf(items);
        assertThat(most).hasValue(4);
    }

    @Test
    void stopsAtTheFirstFailure() {
        AtomicInteger taken = new AtomicInteger();

        assertThatThrownBy(() -> Crew.each(items, PATIENT, item -> {
                    taken.incrementAndGet();
                    throw ApiException.of(Kind.FORBIDDEN, "no");
                }))
                .isInstanceOf(ApiException.class)
                .hasMessage("no");
        assertThat(taken.get()).isBetween(1, 4);
    }

    @Test
    void endsInItsTimeAndItsThreadsWithIt() {
        CountDownLatch never = new CountDownLatch(1);

        assertThatThrownBy(() -> Crew.each(items, Duration.ofMillis(100), item -> await(never)))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STALLED))
                .hasMessageContaining("500 namespaces");
        // Interrupted, they end by themselves.
        Awaitility.await()
                .atMost(PATIENT)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("kubernetes-count") && thread.isAlive()));
    }

    @Test
    void aFaultIsNoSuccess() {
        assertThatThrownBy(() -> Crew.each(items, PATIENT, item -> {
                    throw new IllegalArgumentException("fault");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("fault");
    }

    @Test
    void doesNothingWithNothing() throws Exception {
        Crew.each(List.of(), PATIENT, item -> {
            throw new IllegalStateException("there is no item");
        });
    }

    private static void await(CountDownLatch latch) throws ApiException {
        try {
            latch.await(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled();
        }
    }
}
