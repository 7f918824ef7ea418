package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Secret;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Timeout(30)
class AttemptExecutionTests {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final MutableClock clock = new MutableClock();
    private final MutableTicker ticker = new MutableTicker();
    private final AtomicInteger exhausted = new AtomicInteger();

    /** Lets go of every collector that a test has made ignore its cancellation. */
    private final CountDownLatch release = new CountDownLatch(1);

    private final List<ExecutorService> executors = new ArrayList<>();

    @AfterEach
    void releaseAll() {
        release.countDown();
        executors.forEach(ExecutorService::shutdownNow);
    }

    @Test
    void aSuccessBringsItsPayload() throws Exception {
        AttemptEnd end = execution(LONG, context -> {
                    assertThat(context.collection()).isEqualTo("metadata");
                    assertThat(context.runId()).isEqualTo("run-1");
                    assertThat(context.attempt()).isEqualTo(2);
                    assertThat(context.clock().instant()).isEqualTo(MutableClock.START);
                    ticker.advance(Duration.ofSeconds(7));
                    assertThat(context.remaining()).isEqualTo(LONG.minusSeconds(7));
                    return TestCollector.data();
                })
                .await(PATIENCE);

        assertThat(end.error()).isNull();
        assertThat(end.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(end.completeness()).isEqualTo(Completeness.FULL);
        assertThat(end.duration()).isEqualTo(Duration.ofSeconds(7));
        assertThat(end.content())
                .contains("\"answer\":42")
                .contains("\"type\":\"probe\"")
                .contains("\"id\":\"run-1\"")
                .contains("\"durationMs\":7000");
    }

    @Test
    void anExceptionOrAnErrorIsAFailureThatIsWorthRepeating() throws Exception {
        List<Throwable> failures = List.of(
                new IllegalStateException("no answer"),
                new Exception("no answer"),
                new AssertionError("no answer"),
                new NoClassDefFoundError("no answer"),
                new ThreadDeath() {
                    @Override
                    public String getMessage() {
                        return "no answer";
                    }
                });
        for (Throwable failure : failures) {
            AttemptEnd end = execution(LONG, context -> throwing(failure)).await(PATIENCE);

            assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
            assertThat(end.error()).isEqualTo(failure.getClass().getSimpleName() + ": no answer");
            assertThat(end.worthRepeating()).isTrue();
        }
        assertThat(exhausted).hasValue(0);
    }

    @Test
    void aStackOverflowIsAFailure() throws Exception {
        AttemptEnd end = execution(LONG, context -> bottomless(1)).await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("StackOverflowError");
    }

    @Test
    void aFailureThatFailsToDescribeItselfIsAFailureAtOnce() throws Exception {
        AttemptEnd end = execution(LONG, context -> {
                    throw new IllegalStateException() {
                        @Override
                        public String getMessage() {
                            throw new IllegalArgumentException("no message");
                        }
                    };
                })
                .await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("cannot be described");
    }

    @Test
    void theCollectorSaysWhetherAnotherAttemptIsWorthWhile() throws Exception {
        AttemptEnd passing = execution(LONG, context -> {
                    throw CollectionFailedException.passing("busy; wait", null);
                })
                .await(PATIENCE);
        AttemptEnd lasting = execution(LONG, context -> {
                    throw CollectionFailedException.lasting("refused; give a token", null);
                })
                .await(PATIENCE);

        assertThat(passing.error()).isEqualTo("busy; wait");
        assertThat(passing.worthRepeating()).isTrue();
        assertThat(lasting.error()).isEqualTo("refused; give a token");
        assertThat(lasting.worthRepeating()).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // a collector that breaks its contract
    void nullIsAFailure() throws Exception {
        AttemptEnd end = execution(LONG, context -> null).await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("null");
    }

    @Test
    void nothingButMissingPartsIsAFailure() throws Exception {
        AttemptEnd end = execution(
                        LONG, context -> sections(Map.of("nodes", Section.forbidden("no right to list nodes"))))
                .await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("nodes: no right to list nodes");
        assertThat(end.content()).isNull();
    }

    @Test
    void someMissingPartsMakeAPartialSuccessThatNamesThem() throws Exception {
        AttemptEnd end = execution(
                        LONG,
                        context -> sections(
                                Map.of("pods", Section.ok(), "nodes", Section.forbidden("no right to list nodes"))))
                .await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(end.completeness()).isEqualTo(Completeness.PARTIAL);
        assertThat(end.reason()).isEqualTo("nodes: no right to list nodes");
    }

    @Test
    void aPayloadThatIsTooLargeIsAFailureThatSaysHowToAllowIt() throws Exception {
        Map<String, Integer> many =
                IntStream.range(0, 200_000).boxed().collect(Collectors.toMap(i -> "key-" + i, i -> i));

        AttemptEnd end = execution(LONG, context -> Collected.of("test", many)).await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("larger than 100000 bytes").contains("scheduler.store.max-payload-size");
        assertThat(end.worthRepeating()).isFalse();
    }

    @Test
    void anEnormousStringIsRefusedWithoutBeingWritten() throws Exception {
        // One byte a character: 300 MB of heap, which the tests' process has.
        AttemptEnd end = execution(LONG, context -> Collected.of("test", Map.of("text", "x".repeat(300_000_000))))
                .await(Duration.ofSeconds(20));

        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(end.error()).contains("larger than");
        assertThat(exhausted).hasValue(0);
    }

    @Test
    void dataThatIsNotDataIsAFailure() throws Exception {
        Map<String, Object> cyclic = new HashMap<>();
        cyclic.put("self", cyclic);
        record Explosive() {
            @SuppressWarnings("unused")
            public String getValue() {
                throw new IllegalStateException("boom");
            }
        }

        for (Object data : List.of(cyclic, new Explosive())) {
            AttemptEnd end = execution(LONG, context -> Collected.of("test", Map.of("data", data)))
                    .await(PATIENCE);

            assertThat(end.outcome()).as(data.getClass().getName()).isEqualTo(RunOutcome.FAILED);
            assertThat(end.error()).isNotBlank().hasSizeLessThan(1100);
        }
    }

    @Test
    void whateverTheDataSaysThePayloadCanBeStored() throws Exception {
        AttemptEnd end = execution(
                        LONG,
                        context ->
                                Collected.of("test", Map.of("zero", "\0", "half a pair", "\uD83D?", "half", "\uD83D")))
                .await(PATIENCE);

        if (end.content() != null) {
            assertThat(end.content().codePoints())
                    .noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
        }
        assertThat(end.outcome()).isIn(RunOutcome.SUCCEEDED, RunOutcome.FAILED);
    }

    @Test
    void aTimeoutInterruptsTheCollectorAndClosesItsResources() throws Exception {
        CountDownLatch closed = new CountDownLatch(2);
        AtomicBoolean interrupted = new AtomicBoolean();
        TestAttempt execution = execution(SHORT, context -> {
            context.closeOnCancel(closed::countDown);
            context.closeOnCancel(() -> {
                closed.countDown();
                throw new AssertionError("a resource that fails to close");
            });
            try {
                release.await();
            } catch (InterruptedException e) {
                interrupted.set(true);
                throw e;
            }
            return TestCollector.data();
        });

        AttemptEnd end = execution.await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.TIMED_OUT);
        assertThat(end.error()).contains("PT0.1S");
        assertThat(end.worthRepeating()).isTrue();
        assertThat(interrupted).isTrue();
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(execution.isStuck()).isFalse();
    }

    @Test
    void aCollectorThatIgnoresItsCancellationIsStuckUntilItsThreadEnds() throws Exception {
        TestAttempt execution = execution(SHORT, context -> {
            awaitUninterruptibly(release);
            return TestCollector.data();
        });

        AttemptEnd end = execution.await(SHORT);

        assertThat(end.outcome()).isEqualTo(RunOutcome.TIMED_OUT);
        assertThat(end.error()).contains("ignores its cancellation");
        assertThat(end.worthRepeating()).isFalse();
        assertThat(execution.isStuck()).isTrue();
        release.countDown();
        await().until(() -> !execution.isStuck());
    }

    @Test
    void aSuccessAfterTheCancellationIsNone() throws Exception {
        TestAttempt execution = execution(SHORT, context -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                return TestCollector.data();
            }
            return TestCollector.data();
        });

        AttemptEnd end = execution.await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.TIMED_OUT);
        assertThat(end.content()).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopCancelsAtOnceWhetherTheCollectorHeedsItOrNot(boolean heeds) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        TestAttempt execution = execution(LONG, context -> {
            begun.countDown();
            if (heeds) {
                release.await();
            } else {
                awaitUninterruptibly(release);
            }
            return TestCollector.data();
        });
        CompletableFuture<AttemptEnd> end = CompletableFuture.supplyAsync(() -> awaiting(execution, SHORT));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        execution.cancel(RunOutcome.CANCELLED);

        assertThat(end.get(5, TimeUnit.SECONDS).outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(end.join().worthRepeating()).isFalse();
        assertThat(execution.isStuck()).isEqualTo(!heeds);
        execution.cancel(RunOutcome.TIMED_OUT);
        assertThat(end.join().outcome()).as("the first cancellation counts").isEqualTo(RunOutcome.CANCELLED);
    }

    @Test
    void whatIsCancelledBeforeItBeginsDoesNotBegin() throws Exception {
        AtomicBoolean begun = new AtomicBoolean();
        TestAttempt execution = execution(LONG, context -> {
            begun.set(true);
            return TestCollector.data();
        });
        execution.cancel(RunOutcome.CANCELLED);

        AttemptEnd end = execution.await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(begun).isFalse();
        assertThat(execution.isStuck()).isFalse();
    }

    @Test
    void aResourceGivenAfterTheCancellationIsClosedAtOnce() throws Exception {
        CompletableFuture<Boolean> closed = new CompletableFuture<>();
        TestAttempt execution = execution(SHORT, context -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                AtomicBoolean resource = new AtomicBoolean();
                context.closeOnCancel(() -> resource.set(true));
                closed.complete(resource.get());
            }
            return TestCollector.data();
        });

        execution.await(PATIENCE);

        assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aResourceThatDoesNotCloseHoldsUpNobodyWhoCancels() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        TestAttempt execution = execution(LONG, context -> {
            context.closeOnCancel(() -> awaitUninterruptibly(release));
            begun.countDown();
            release.await();
            return TestCollector.data();
        });
        CompletableFuture<AttemptEnd> end = CompletableFuture.supplyAsync(() -> awaiting(execution, PATIENCE));
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        long start = System.nanoTime();

        execution.cancel(RunOutcome.CANCELLED);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(end.get(5, TimeUnit.SECONDS).outcome()).isEqualTo(RunOutcome.CANCELLED);
    }

    @Test
    void anExhaustedHeapIsReportedToTheProcess() throws Exception {
        AttemptEnd end = execution(LONG, context -> throwing(new OutOfMemoryError("Java heap space")))
                .await(PATIENCE);

        assertThat(exhausted).hasValue(1);
        assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void aThreadIsGivenBackAsItWasLent() throws Exception {
        ExecutorService one = oneThread();
        Thread lent = one.submit(Thread::currentThread).get(5, TimeUnit.SECONDS);
        ClassLoader loader = lent.getContextClassLoader();

        AttemptEnd end = execution(one, LONG, context -> {
                    assertThat(Thread.currentThread()).isSameAs(lent);
                    assertThat(lent.getName()).isEqualTo("collect-metadata-2");
                    assertThat(lent.getContextClassLoader()).isSameAs(TestCollector.class.getClassLoader());
                    lent.setName("mine");
                    lent.setContextClassLoader(null);
                    lent.setPriority(Thread.MIN_PRIORITY);
                    MDC.put("collection", "mine");
                    lent.interrupt();
                    return TestCollector.data();
                })
                .await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        one.submit(() -> {
                    assertThat(lent.isInterrupted()).isFalse();
                    assertThat(lent.getName()).isEqualTo("lent");
                    assertThat(lent.getContextClassLoader()).isSameAs(loader);
                    assertThat(lent.getPriority()).isEqualTo(Thread.NORM_PRIORITY);
                    assertThat(MDC.get("collection")).isNull();
                })
                .get(5, TimeUnit.SECONDS);
    }

    /** An attempt is cancelled at about the time at which it ends by itself, and the next one has its thread. */
    @Test
    void aCancellationNeverHitsTheAttemptThatHasTheThreadNext() throws Exception {
        ExecutorService one = oneThread();
        for (int i = 0; i < 500; i++) {
            CountDownLatch ending = new CountDownLatch(1);
            TestAttempt first = execution(one, LONG, context -> {
                ending.countDown();
                return TestCollector.data();
            });
            CompletableFuture<AttemptEnd> ended = CompletableFuture.supplyAsync(() -> awaiting(first, PATIENCE));
            assertThat(ending.await(5, TimeUnit.SECONDS)).isTrue();
            TestAttempt next = execution(one, LONG, context -> {
                for (int spin = 0; spin < 1_000; spin++) {
                    Thread.onSpinWait();
                }
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
                return TestCollector.data();
            });
            CompletableFuture<AttemptEnd> second = CompletableFuture.supplyAsync(() -> awaiting(next, PATIENCE));

            first.cancel(RunOutcome.CANCELLED);

            assertThat(ended.get(5, TimeUnit.SECONDS).outcome()).isIn(RunOutcome.SUCCEEDED, RunOutcome.CANCELLED);
            assertThat(second.get(5, TimeUnit.SECONDS).error()).isNull();
        }
    }

    @Test
    void anAttemptThatIsCancelledBeforeItHasAThreadDoesNotBegin() throws Exception {
        CompletableFuture<Runnable> later = new CompletableFuture<>();
        AtomicBoolean begun = new AtomicBoolean();
        TestAttempt execution = execution(later::complete, LONG, context -> {
            begun.set(true);
            return TestCollector.data();
        });
        CompletableFuture<AttemptEnd> end = CompletableFuture.supplyAsync(() -> awaiting(execution, PATIENCE));
        Runnable work = later.get(5, TimeUnit.SECONDS);

        execution.cancel(RunOutcome.CANCELLED);
        oneThread().submit(work).get(5, TimeUnit.SECONDS);

        assertThat(end.get(5, TimeUnit.SECONDS).outcome()).isEqualTo(RunOutcome.CANCELLED);
        assertThat(begun).isFalse();
        assertThat(execution.isStuck()).isFalse();
    }

    @Test
    void aStuckAttemptKeepsItsThreadAndOthersGetAnother() throws Exception {
        ExecutorService threads = RunConfiguration.threads(8);
        CompletableFuture<Thread> kept = new CompletableFuture<>();
        try {
            TestAttempt stuck = execution(threads, SHORT, context -> {
                kept.complete(Thread.currentThread());
                awaitUninterruptibly(release);
                return TestCollector.data();
            });
            stuck.await(SHORT);
            assertThat(stuck.isStuck()).isTrue();

            AttemptEnd other = execution(threads, LONG, context -> {
                        assertThat(Thread.currentThread()).isNotSameAs(kept.join());
                        assertThat(Thread.currentThread().isDaemon()).isTrue();
                        return TestCollector.data();
                    })
                    .await(PATIENCE);

            assertThat(other.error()).isNull();
            release.countDown();
            await().until(() -> !stuck.isStuck());
        } finally {
            threads.shutdownNow();
        }
    }

    private ExecutorService oneThread() {
        ExecutorService one = Executors.newSingleThreadExecutor(work -> new Thread(work, "lent"));
        executors.add(one);
        return one;
    }

    record Login(String user, Secret password) {}

    @Test
    void theCollectorGetsItsParametersAsTheTypeThatItDeclares() throws Exception {
        Login login = new Login("ann", new Secret(null, "PATH"));

        AttemptEnd right = execution(LONG, new Parameters(login, List.of()), context -> {
                    assertThat(context.parameters(Login.class)).isSameAs(login);
                    return TestCollector.data();
                })
                .await(PATIENCE);
        AttemptEnd wrong = execution(LONG, context -> {
                    context.parameters(Login.class);
                    return TestCollector.data();
                })
                .await(PATIENCE);

        assertThat(right.error()).isNull();
        assertThat(wrong.error()).contains("parametersType()");
    }

    @Test
    void noSecretIsInAnErrorNorInTheLog() throws Exception {
        Secret secret = secret("hush \"dear\"");
        List<TestCollector.Body> bodies = List.of(
                context -> {
                    throw new IllegalStateException(
                            "refused: " + secret.value(), new IOException("no " + secret.value()));
                },
                context -> {
                    throw CollectionFailedException.lasting("x".repeat(995) + secret.value(), null);
                },
                context -> sections(Map.of("nodes", Section.forbidden("not with " + secret.value()))));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(AttemptExecution.class);
        log.start();
        logger.addAppender(log);
        try {
            for (TestCollector.Body body : bodies) {
                AttemptEnd end = execution(LONG, new Parameters(new Login("ann", secret), List.of(secret)), body)
                        .await(PATIENCE);

                assertThat(end.outcome()).isEqualTo(RunOutcome.FAILED);
                assertThat(end.error()).contains("***").doesNotContain("hush");
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).singleElement().satisfies(event -> {
            assertThat(event.getThrowableProxy()).isNull();
            assertThat(event.getKeyValuePairs().toString())
                    .contains("refused: ***", "IOException: no ***")
                    .doesNotContain("hush");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"hush", "hush \"dear\"", "häuschen/\\?", "two\nlines"})
    void aPayloadThatShowsASecretIsNotStored(String value) throws Exception {
        Secret secret = secret(value);
        Parameters parameters = new Parameters(new Login("ann", secret), List.of(secret));

        AttemptEnd shown = execution(
                        LONG, parameters, context -> Collected.of("test", Map.of("all", "my " + secret.value())))
                .await(PATIENCE);
        AttemptEnd hidden = execution(
                        LONG,
                        parameters,
                        context -> Collected.of(
                                "test",
                                Map.of("user", "ann", "length", secret.value().length(), "secret", secret)))
                .await(PATIENCE);

        assertThat(shown.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(shown.content()).isNull();
        assertThat(shown.worthRepeating()).isFalse();
        assertThat(shown.error()).contains("a secret of this collection is in the payload");
        assertThat(hidden.error()).isNull();
    }

    @Test
    void aSecretThatHoldsAnotherOneIsMaskedWhole() throws Exception {
        Secret inner = secret("hush");
        Secret outer = secret("hush-dear");
        inner.value();
        outer.value();
        assertThat(new Parameters(null, List.of(inner, outer)).mask("a hush-dear b"))
                .doesNotContain("hush", "dear");
    }

    private Secret secret(String value) throws IOException {
        Path file = Files.createTempFile(directory, "secret", ".txt");
        Files.writeString(file, value + "\n");
        return new Secret(file, null);
    }

    @Test
    void resourcesAreClosedAlthoughAThreadForThatWasRefused() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        executors.add(threads);
        AtomicInteger lent = new AtomicInteger();
        Executor unreliable = work -> {
            if (lent.getAndIncrement() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            threads.execute(work);
        };
        CountDownLatch closed = new CountDownLatch(1);

        AttemptEnd end = execution(unreliable, SHORT, context -> {
                    context.closeOnCancel(closed::countDown);
                    awaitUninterruptibly(closed);
                    return TestCollector.data();
                })
                .await(PATIENCE);

        assertThat(end.outcome()).isEqualTo(RunOutcome.TIMED_OUT);
        assertThat(closed.getCount()).isZero();
        assertThat(lent).hasValue(4);
    }

    private TestAttempt execution(Duration timeout, TestCollector.Body body) {
        return execution(timeout, Parameters.NONE, body);
    }

    private TestAttempt execution(Executor threads, Duration timeout, TestCollector.Body body) {
        AttemptExecution.Environment usual = TestRuns.environment(clock, ticker, exhausted::incrementAndGet);
        AttemptExecution.Environment environment = new AttemptExecution.Environment(
                usual.clock(),
                usual.ticker(),
                usual.pseudonyms(),
                usual.envelope(),
                usual.timer(),
                threads,
                usual.exhaustedHeap());
        return execution(environment, timeout, Parameters.NONE, body);
    }

    private TestAttempt execution(Duration timeout, Parameters parameters, TestCollector.Body body) {
        return execution(TestRuns.environment(clock, ticker, exhausted::incrementAndGet), timeout, parameters, body);
    }

    private static TestAttempt execution(
            AttemptExecution.Environment environment,
            Duration timeout,
            Parameters parameters,
            TestCollector.Body body) {
        return new TestAttempt(
                new AttemptExecution(run(), TestCollector.of(body), parameters, timeout, environment),
                environment.threads());
    }

    private static Run run() {
        Instant now = MutableClock.START;
        return new Run(
                "run-1",
                "metadata",
                RunKind.SCHEDULE,
                now,
                null,
                null,
                RunState.RUNNING,
                null,
                null,
                null,
                2,
                "here",
                null,
                now,
                now,
                null,
                null,
                null,
                null);
    }

    private static AttemptEnd awaiting(TestAttempt execution, Duration patience) {
        try {
            return execution.await(patience);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Collected sections(Map<String, Section> sections) {
        return new Collected("test", Map.of("a", 1), List.of(), sections, Cost.NONE);
    }

    private static Collected throwing(Throwable failure) throws Exception {
        if (failure instanceof Error error) {
            throw error;
        }
        throw (Exception) failure;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static Collected bottomless(int depth) {
        return bottomless(depth + 1);
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
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
