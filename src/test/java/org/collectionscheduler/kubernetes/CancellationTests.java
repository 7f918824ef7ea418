package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.collector.CollectionFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cancelled attempt ends at once, and so do its connections. No read of its own would run out here. */
@Timeout(20)
class CancellationTests {

    private static final ClientSettings PATIENT = new ClientSettings(
            new RequestLimits(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofMinutes(5), 1 << 20),
            new RetryPolicy(3, Duration.ofMinutes(5), Duration.ofMinutes(5)),
            PageLimits.DEFAULTS);

    @TempDir
    Path directory;

    private final FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 10, 1));
    private final TestContext context = TestContext.lasting(Duration.ofMinutes(10));
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private Kube kube;

    @BeforeEach
    void configure() {
        Path config = api.writeKubeconfig(directory.resolve("config"));
        kube = Kube.of(config, PATIENT);
    }

    @AfterEach
    void close() throws IOException {
        kube.close();
        api.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingEndsAReadAndItsConnection(boolean beforeTheAnswer) throws Exception {
        api.misbehave(Kube.PODS, beforeTheAnswer ? Misbehaviour.silent() : Misbehaviour.stall());
        Thread thread = collect();
        await().until(() -> !api.requests(Kube.PODS).isEmpty());

        context.cancel();

        assertCancelled();
        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isFalse();
        assertConnectionEnds(beforeTheAnswer);
        thread.join(5_000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptEndsAReadAndItsConnectionAndIsRestored(boolean beforeTheAnswer) throws Exception {
        api.misbehave(Kube.PODS, beforeTheAnswer ? Misbehaviour.silent() : Misbehaviour.stall());
        Thread thread = collect();
        await().until(() -> !api.requests(Kube.PODS).isEmpty());

        thread.interrupt();

        assertCancelled();
        assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
        assertConnectionEnds(beforeTheAnswer);
    }

    @Test
    void closingEndsAPauseBetweenTwoAttemptsAtARequest() throws Exception {
        api.misbehave(Kube.PODS, Misbehaviour.status(503));
        Thread thread = collect();
        await().until(() -> thread.getState() == Thread.State.TIMED_WAITING
                && !api.requests(Kube.PODS).isEmpty());

        context.cancel();

        assertCancelled();
        assertThat(api.requests(Kube.PODS)).hasSize(1);
    }

    @Test
    void anAttemptThatIsCancelledBeforeItBeginsSendsNothing() throws Exception {
        context.cancel();

        collect();

        assertCancelled();
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void theNextAttemptWorks() throws Exception {
        api.misbehave(Kube.PODS, Misbehaviour.stall(), 1);
        collect();
        await().until(() -> !api.requests(Kube.PODS).isEmpty());
        context.cancel();
        assertCancelled();

        assertThat(kube.inventory().full()).isTrue();
    }

    /**
     * The JDK's client closes the connection of a body that is given up half-way up to Java 20. Newer ones keep it open
     * until the server ends it, although nobody reads it any more; what was asked for before any answer they do end.
     */
    private void assertConnectionEnds(boolean beforeTheAnswer) {
        if (beforeTheAnswer || Runtime.version().feature() <= 20) {
            await().untilAsserted(() -> assertThat(api.abandoned()).isEqualTo(1));
        }
    }

    private void assertCancelled() throws Exception {
        assertThat(ended.get(5, TimeUnit.SECONDS))
                .isInstanceOf(CollectionFailedException.class)
                .hasMessageContaining("cancelled");
    }

    private Thread collect() {
        Thread thread = new Thread(
                () -> {
                    try {
                        kube.inventory(context);
                        ended.completeExceptionally(new AssertionError("it was not cancelled"));
                    } catch (CollectionFailedException e) {
                        interrupted.complete(Thread.currentThread().isInterrupted());
                        ended.complete(e);
                    }
                },
                "attempt");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
