package org.collectionscheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.collectionscheduler.run.RetryPolicy;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every dispatcher must do, in real time, by the promises of the service that depend on it. The others are kept by what
 * all dispatchers call, and are tested there: how slots are made (2, 12), how results are stored (10). A dispatcher's test
 * opens a store and makes an engine; that there are three of them is promise 14.
 */
@Timeout(60)
public abstract class DispatcherContract {

    /** Of each process. */
    protected static final int PERMITS = 6;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** A dispatcher, what it wants to hear, and its end. */
    public record Engine(Dispatcher dispatcher, Consumer<RunEvent> listener, Runnable close) {}

    private final SteppedClock clock = new SteppedClock();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private final List<Engine> engines = new ArrayList<>();
    private Store store;
    private TestRuns runs;

    protected abstract Store open(Clock clock);

    /** One process of those that use the store. */
    protected abstract TestRuns process(Store store, Clock clock);

    /** The dispatcher of that process. */
    protected abstract Engine engine(TestRuns process, Clock clock);

    @BeforeEach
    void openStore() {
        store = open(clock);
        runs = process();
    }

    @AfterEach
    void close() {
        release.countDown();
        engines.forEach(engine -> {
            engine.dispatcher().stop();
            engine.close().run();
        });
        store.close();
    }

    @Test
    @DisplayName(
            "promise 1, 5, 6, 7, 13: at its slots, never beside itself, failures told, hung and failing ones hold up nobody")
    void everyCollectionIsServedOnTimeWhateverTheOthersDo() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ScheduledCollection good = collection("good", () -> {});
        ScheduledCollection hanging = collection("hanging", () -> ignoreInterrupts(release));
        ScheduledCollection erring = collection("erring", () -> {
            throw new AssertionError("an error");
        });
        ScheduledCollection slow = collection("slow", () -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            boolean released = release.await(2500, TimeUnit.MILLISECONDS);
            atOnce.decrementAndGet();
            assertThat(released).isFalse();
        });

        start(runs, good, hanging, erring, slow);

        await().atMost(Duration.ofSeconds(20)).until(() -> calls("good") >= 4 && calls("slow") >= 2);
        List<Run> served = finished("good");
        assertThat(served).hasSizeGreaterThanOrEqualTo(3).allSatisfy(run -> {
            assertThat(run.kind()).isEqualTo(RunKind.SCHEDULE);
            assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(run.startedAt()).isAfterOrEqualTo(run.scheduledAt());
        });
        List<Duration> late = served.stream()
                .map(run -> Duration.between(run.scheduledAt(), run.startedAt()))
                .sorted()
                .toList();
        assertThat(late.get(late.size() / 2))
                .as("the others, each of which holds on for longer, hold up none")
                .isLessThan(SECOND);
        assertThat(served).extracting(Run::scheduledAt).doesNotHaveDuplicates();
        assertThat(calls("hanging")).isEqualTo(1);
        assertThat(finished("erring")).extracting(Run::outcome).containsOnly(RunOutcome.FAILED);
        assertThat(finished("erring")).hasSizeGreaterThanOrEqualTo(2);
        assertThat(most).as("a collection with itself").hasValue(1);
        assertThat(finished("slow")).extracting(Run::reason).contains("overlap");
    }

    @Test
    @DisplayName("promise 8: an attempt that failed is followed by another one before the next slot")
    void aFurtherAttemptIsMadeBetweenSlots() {
        ScheduledCollection collection = runs.register(
                "retried",
                TestCollector.of(context -> {
                    if (context.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    return TestCollector.data();
                }),
                spec -> spec.retry = new RetryPolicy(3, Duration.ofMillis(150), 1, Duration.ofMillis(150), 0));

        start(runs, collection);

        await().atMost(Duration.ofSeconds(10)).until(() -> !finished("retried").isEmpty());
        assertThat(finished("retried")).singleElement().satisfies(run -> {
            assertThat(run.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
            assertThat(run.attempt()).isEqualTo(3);
        });
    }

    @Test
    @DisplayName("promise 3, 9: a stop drains, and the next process keeps the rhythm with one catch-up at most")
    void aStopWakesNothingMoreAndANewProcessKeepsTheRhythm() {
        ScheduledCollection first = collection("steady", () -> {});
        Instant anchor = runs.record("steady").anchor();
        Engine engine = start(runs, first);
        await().until(() -> finished("steady").size() >= 2);

        engine.dispatcher().stop();

        await().until(() -> runs.history.active().isEmpty());
        int stoppedAt = calls("steady");
        await().during(Duration.ofMillis(1500))
                .atMost(Duration.ofSeconds(3))
                .until(() ->
                        calls("steady") == stoppedAt && runs.history.active().isEmpty());
        runs = process();
        start(runs, collection("steady", () -> {}));
        await().until(() -> calls("steady") >= stoppedAt + 3);

        List<Run> all = finished("steady");
        assertThat(all).allSatisfy(run -> {
            long sinceAnchor = Duration.between(anchor, run.scheduledAt()).toMillis();
            assertThat(sinceAnchor % 1000).as("milliseconds off the rhythm").isZero();
        });
        assertThat(all)
                .extracting(Run::kind)
                .filteredOn(RunKind.CATCH_UP::equals)
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("promise 9: what was stopped can be started again")
    void aDispatcherThatIsStartedAgainWakesAgain() {
        ScheduledCollection collection = collection("steady", () -> {});
        Engine engine = start(runs, collection);
        await().until(() -> calls("steady") >= 1);
        engine.dispatcher().stop();
        int before = calls("steady");

        engine.dispatcher().start(List.of(collection));

        await().until(() -> calls("steady") >= before + 2);
    }

    @Test
    @DisplayName("promise 1, 4: one that is added has its slots, each once")
    void aCollectionThatIsAddedIsServedFromThenOn() {
        Engine engine = start(runs, collection("first", () -> {}));
        await().until(() -> calls("first") >= 1);

        engine.dispatcher().add(collection("added", () -> {}));

        await().atMost(Duration.ofSeconds(10)).until(() -> calls("added") >= 3);
        assertThat(finished("added")).extracting(Run::kind).containsOnly(RunKind.SCHEDULE);
        assertThat(finished("added")).extracting(Run::scheduledAt).doesNotHaveDuplicates();
        int before = calls("first");
        await().until(() -> calls("first") > before);
    }

    @Test
    @DisplayName("promise 3: one that is declared otherwise is served so from then on")
    void aCollectionThatIsAddedAgainIsServedAsItWasAddedLast() {
        Engine engine = start(runs, collection("changed", () -> {}));
        await().until(() -> calls("changed") >= 1);
        AtomicInteger later = new AtomicInteger();

        engine.dispatcher()
                .add(runs.register(
                        "changed",
                        TestCollector.of(context -> {
                            later.incrementAndGet();
                            return TestCollector.data();
                        }),
                        spec -> spec.interval = SECOND));
        await().until(() -> later.get() >= 1);
        int before = calls("changed");

        await().until(() -> later.get() >= 3);
        assertThat(calls("changed")).isEqualTo(before);
    }

    @Test
    @DisplayName("promise 6, 9: one that is removed is woken no more, and the end of its run is stored")
    void aCollectionThatIsRemovedIsWokenNoMoreAndItsRunEndsStored() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        ScheduledCollection removed = collection("removed", () -> {
            begun.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
        });
        Engine engine = start(runs, removed, collection("kept", () -> {}));
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        engine.dispatcher().remove("removed");
        engine.dispatcher().remove("unheard-of");
        release.countDown();

        await().until(() -> finished("removed").stream().anyMatch(run -> run.outcome() == RunOutcome.SUCCEEDED));
        int kept = calls("kept");
        await().until(() -> calls("kept") >= kept + 3);
        assertThat(calls("removed")).isEqualTo(1);
        assertThat(runs.history.active()).noneMatch(run -> run.collection().equals("removed"));
    }

    @Test
    @DisplayName("promise 9: nothing is woken before the start nor after the stop")
    void nothingIsAddedBeforeTheStartNorAfterTheStop() {
        Engine engine = engine(runs, clock);
        engines.add(engine);
        runs.events.listen(engine.listener());
        ScheduledCollection early = collection("early", () -> {});

        engine.dispatcher().add(early);
        engine.dispatcher().start(List.of(collection("first", () -> {})));
        await().until(() -> calls("first") >= 2);
        engine.dispatcher().stop();
        engine.dispatcher().add(collection("late", () -> {}));

        await().during(Duration.ofMillis(1200))
                .atMost(Duration.ofSeconds(3))
                .until(() -> calls("early") == 0 && calls("late") == 0);
    }

    @Test
    @DisplayName("promise 4: a slot that was served is served by nobody again, however often its collection is woken")
    void aSlotIsServedOnceHoweverOftenItsCollectionIsWoken() {
        ScheduledCollection hourly = runs.register("hourly", collector("hourly", () -> {}));
        Engine engine = start(runs, hourly);
        await().until(() -> finished("hourly").size() == 1);

        for (int i = 0; i < 5; i++) {
            engine.dispatcher().rearm();
        }
        engine.dispatcher().stop();
        TestRuns next = process();
        start(next, next.register("hourly", collector("hourly", () -> {})));

        await().during(Duration.ofMillis(1500))
                .atMost(Duration.ofSeconds(5))
                .until(() -> calls("hourly") == 1 && finished("hourly").size() == 1);
    }

    @Test
    @DisplayName("promise 3, 11: a clock that steps forward and back neither doubles nor freezes")
    void aStepOfTheClockIsFollowed() {
        ScheduledCollection hourly = runs.register("hourly", collector("hourly", () -> {}));
        Engine engine = start(runs, hourly);
        await().until(() -> finished("hourly").size() == 1);

        clock.step(Duration.ofHours(5).plusMinutes(30));
        engine.dispatcher().rearm();

        await().until(() -> finished("hourly").size() == 2);
        assertThat(finished("hourly")).extracting(Run::kind).contains(RunKind.CATCH_UP);
        clock.step(Duration.ofHours(-5));
        engine.dispatcher().rearm();
        clock.step(Duration.ofMinutes(30));
        engine.dispatcher().rearm();
        await().until(() -> finished("hourly").size() == 3);
    }

    private TestRuns process() {
        return process(store, clock);
    }

    private Engine start(TestRuns process, ScheduledCollection... collections) {
        Engine engine = engine(process, clock);
        engines.add(engine);
        process.events.listen(engine.listener());
        engine.dispatcher().start(List.of(collections));
        return engine;
    }

    /** What a collector does before it answers. */
    private interface Deed {
        void act() throws Exception;
    }

    private ScheduledCollection collection(String name, Deed deed) {
        return runs.register(name, collector(name, deed), spec -> {
            spec.interval = SECOND;
            spec.retry = new RetryPolicy(1, SECOND, 1, SECOND, 0);
        });
    }

    private TestCollector collector(String name, Deed deed) {
        return TestCollector.of(context -> {
            calls.computeIfAbsent(name, key -> new AtomicInteger()).incrementAndGet();
            deed.act();
            return TestCollector.data();
        });
    }

    private int calls(String name) {
        return calls.getOrDefault(name, new AtomicInteger()).get();
    }

    private List<Run> finished(String name) {
        return TestRuns.newest(runs.history, name, 100).stream()
                .filter(Run::isFinished)
                .toList();
    }

    private static void ignoreInterrupts(CountDownLatch latch) {
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
