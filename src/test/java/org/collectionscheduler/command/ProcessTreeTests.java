package org.collectionscheduler.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that nobody can kill: it ignores the request to end, and its kill does nothing until it is let. */
@Timeout(60)
class ProcessTreeTests {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration A_WHILE = Duration.ofMillis(500);

    private final AtomicBoolean mortal = new AtomicBoolean();
    private final CompletableFuture<List<Long>> survivors = new CompletableFuture<>();
    private final CompletableFuture<Boolean> endedInterrupted = new CompletableFuture<>();
    private Process process;

    @BeforeEach
    void start() throws IOException {
        process = new ProcessBuilder("sh", "-c", "trap '' TERM; echo; while :; do sleep 0.1; done").start();
        assertThat(process.getInputStream().read()).as("it ignores TERM now").isEqualTo('\n');
    }

    private Thread end(LongSupplier nanos) {
        ProcessTree tree = new ProcessTree(process.toHandle(), "nobody"::equals, this::kill, nanos);
        Thread ending = new Thread(
                () -> {
                    tree.end(survivors::complete);
                    endedInterrupted.complete(Thread.interrupted());
                },
                "end-test");
        ending.start();
        return ending;
    }

    private void kill(ProcessHandle member) {
        if (mortal.get() || member.pid() != process.pid()) {
            member.destroyForcibly();
        }
    }

    @AfterEach
    void tidyUp() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Test
    void nothingIsKilledBeforeItsTimeToHeedTheRequestIsUp() {
        AtomicLong nanos = new AtomicLong();
        mortal.set(true);
        end(nanos::get);
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(process::isAlive);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        await().atMost(SOON).until(endedInterrupted::isDone);
        assertThat(process.isAlive()).isFalse();
        assertThat(survivors).isNotDone();
    }

    @Test
    void whatSurvivesIsNamedAndWaitedFor() {
        end(System::nanoTime);
        await().atMost(SOON).until(survivors::isDone);
        assertThat(survivors.join()).contains(process.pid());
        await().during(A_WHILE).atMost(SOON).until(() -> !endedInterrupted.isDone());

        mortal.set(true);
        await().atMost(SOON).until(endedInterrupted::isDone);
        assertThat(process.isAlive()).isFalse();
        assertThat(endedInterrupted.join()).isFalse();
    }

    @Test
    void anInterruptIsKeptAndNeitherEndsTheWaitNorLetsItSpin() {
        Thread ending = end(System::nanoTime);
        await().atMost(SOON).until(survivors::isDone);
        ending.interrupt();
        long before = cpuNanos(ending);
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(() -> !endedInterrupted.isDone());
        assertThat(Duration.ofNanos(cpuNanos(ending) - before)).isLessThan(A_WHILE);

        mortal.set(true);
        await().atMost(SOON).until(endedInterrupted::isDone);
        assertThat(endedInterrupted.join()).isTrue();
    }

    private static long cpuNanos(Thread ending) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(ending.getId());
    }
}
