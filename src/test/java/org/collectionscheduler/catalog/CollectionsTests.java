package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.DeclaredBy;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.run.QuarantinedException;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunEvent.CollectionRegistered;
import org.collectionscheduler.run.RunEvent.CollectionRemoved;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.WrittenSettings;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What code in the process does with collections, over restarts on one store. */
@Timeout(60)
class CollectionsTests {

    private static final String NAME = "prices";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Rhythm HOURLY = new Rhythm.Interval(HOUR);
    private static final Instant START = MutableClock.START;

    @TempDir
    Path directory;

    private final MutableClock clock = new MutableClock();
    private final AtomicInteger calls = new AtomicInteger();
    private Store store;
    private TestRuns runs;
    private WakingDispatcher dispatcher;
    private Catalog catalog;
    private Collections collections;
    private List<Definition> configured = List.of();

    @BeforeEach
    void openStore() {
        store = TestStores.sqliteFile(directory, clock);
        open("");
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void aLambdaIsRegisteredAndRunsOnSchedule() {
        started("");

        collections.register(NAME, HOURLY, context -> Collected.of(NAME, Map.of("run", context.runId())));
        Run first = awaitRun(1);
        clock.advance(HOUR);
        dispatcher.wake();
        Run second = awaitRun(2);

        assertThat(first.kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(first.scheduledAt()).isEqualTo(START);
        assertThat(second.scheduledAt()).isEqualTo(START.plus(HOUR));
        assertThat(runs.history.payload(String.valueOf(second.payloadId())))
                .get()
                .extracting(payload -> payload.content())
                .asString()
                .contains("\"type\":\"prices\"", second.id());
        CollectionStatus status = catalog.status("PRICES").orElseThrow();
        assertThat(status.state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(status.nextRunAt()).isEqualTo(START.plus(HOUR.multipliedBy(2)));
        assertThat(record().declaredBy()).isEqualTo(DeclaredBy.PROCESS);
    }

    @Test
    void whatIsRegisteredBeforeTheStartRunsFromTheStartOn() {
        open("");

        collections.register(NAME, HOURLY, this::count);

        assertThat(catalog.names()).containsExactly(NAME);
        assertThat(calls).hasValue(0);
        assertThatThrownBy(() -> collections.run(NAME, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the service has not started");
        assertThat(collections.start(List.of())).isEqualTo(1);
        awaitRun(1);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRestartKeepsTheRhythmAndMakesUpForWhatWasMissedOnce() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);
        restart("");
        assertThat(catalog.names()).as("until it is registered again").isEmpty();
        assertThat(catalog.status(NAME)).isEmpty();
        assertThat(TestRuns.newest(runs.history, NAME, 10)).hasSize(1);
        assertThat(record().state()).isEqualTo(CollectionState.ACTIVE);
        clock.advance(HOUR.multipliedBy(3).plusMinutes(20));

        collections.register(NAME, HOURLY, this::count);

        Run catchUp = awaitRun(2);
        assertThat(catchUp.kind()).isEqualTo(RunKind.CATCH_UP);
        assertThat(catchUp.missedCount()).isEqualTo(3);
        assertThat(record().anchor()).isEqualTo(START);
        assertThat(catalog.status(NAME).orElseThrow().nextRunAt()).isEqualTo(START.plus(HOUR.multipliedBy(4)));
        assertThat(calls).hasValue(2);
    }

    @Test
    void anUnfinishedRunOutlivesARestartUntilItsCollectionIsRegisteredAgain() {
        started("");
        collections.register(NAME, HOURLY, context -> {
            throw new IllegalStateException("not yet");
        });
        Awaitility.await().until(() -> newest().nextAttemptAt() != null);
        restart("");
        assertThat(newest().isFinished()).isFalse();
        clock.advance(Duration.ofMinutes(1));

        collections.register(NAME, HOURLY, this::count);

        awaitRun(1);
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(newest().attempt()).isEqualTo(2);
    }

    @Test
    void aPauseOutlivesARestart() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);
        assertThat(collections.pause("Prices", "the exchange is closed")).isTrue();
        assertThat(collections.pause(NAME, null)).isFalse();
        restart("");
        clock.advance(HOUR.multipliedBy(5));

        collections.register(NAME, HOURLY, this::count);
        dispatcher.wake();
        assertThat(catalog.status(NAME).orElseThrow().state()).isEqualTo(CollectionState.PAUSED);
        assertThat(collections.resume(NAME, null)).isTrue();
        dispatcher.wake();
        clock.advance(HOUR);
        dispatcher.wake();

        assertThat(awaitRun(2).kind()).as("what passed is not missed").isEqualTo(RunKind.SCHEDULE);
        assertThat(audit())
                .containsExactly("REGISTER process", "PAUSE process the exchange is closed", "RESUME process");
    }

    @Test
    void aRunCanBeAskedFor() {
        started("");
        collections.register(NAME, new Rhythm.Interval(HOUR), Collections.Options.DEFAULT, this::count);
        awaitRun(1);

        clock.advance(Duration.ofSeconds(1));

        Run run = collections.run(NAME, "by hand").orElseThrow();

        awaitRun(2);
        assertThat(runs.history.run(run.id())).get().extracting(Run::kind).isEqualTo(RunKind.DEMAND);
        assertThat(audit()).containsExactly("REGISTER process", "RUN process by hand");
    }

    @Test
    void aChangeKeepsTheAnchorAndSayingTheSameIsNoChange() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);
        collections.register(NAME, HOURLY, this::count);
        clock.advance(Duration.ofMinutes(90));

        collections.register(NAME, new Rhythm.Interval(Duration.ofMinutes(20)), this::count);
        dispatcher.wake();

        assertThat(record().anchor()).isEqualTo(START);
        assertThat(catalog.status(NAME).orElseThrow().nextRunAt()).isEqualTo(START.plus(Duration.ofMinutes(100)));
        assertThat(TestRuns.newest(runs.history, NAME, 10)).hasSize(1);
        assertThat(audit()).containsExactly("REGISTER process", "REGISTER process");
        assertThat(runs.events.all(CollectionRegistered.class)).hasSize(2);
    }

    @Test
    void whatIsRemovedRunsNoMoreKeepsItsHistoryAndMayComeBack() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);

        assertThat(collections.remove("PRICES", "delisted")).isTrue();
        assertThat(collections.remove(NAME, null)).isFalse();
        assertThat(collections.remove("unheard-of", null)).isFalse();

        clock.advance(HOUR.multipliedBy(3));
        dispatcher.wake();
        assertThat(catalog.names()).isEmpty();
        assertThat(record().state()).isEqualTo(CollectionState.RETIRED);
        assertThat(TestRuns.newest(runs.history, NAME, 10)).hasSize(1);
        assertThat(runs.events.all(CollectionRemoved.class)).hasSize(1);
        assertThatThrownBy(() -> collections.run(NAME, null)).isInstanceOf(IllegalArgumentException.class);
        collections.register(NAME, HOURLY, this::count);
        clock.advance(HOUR);
        dispatcher.wake();
        assertThat(awaitRun(2).kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(record().anchor()).isEqualTo(START);
    }

    @Test
    void whatAnEarlierProcessHasRegisteredCanBeRemoved() {
        started("");
        collections.register(NAME, HOURLY, context -> {
            throw new IllegalStateException("not yet");
        });
        Awaitility.await().until(() -> newest().nextAttemptAt() != null);
        restart("");

        assertThat(collections.remove(NAME, null)).isTrue();

        assertThat(record().state()).isEqualTo(CollectionState.RETIRED);
        assertThat(newest().outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void whatTheConfigurationDeclaresIsRefusedUnderAnySpelling() {
        String yaml = "scheduler.collections.cluster-metadata.interval: 1h";
        started(yaml);

        assertThatThrownBy(() -> collections.register("ClusterMetadata", HOURLY, this::count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scheduler.collections.ClusterMetadata: is declared by the configuration, so code cannot"
                        + " register it. Give it another name, or remove it from the configuration");
        assertThatThrownBy(() -> collections.remove("clustermetadata", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is declared by the configuration");
        assertThat(catalog.names()).containsExactly("cluster-metadata");
        assertThat(collections.pause("cluster-metadata", null)).isTrue();
    }

    @Test
    void oneCollectionHasOneSpelling() {
        started("");
        collections.register("day-prices", HOURLY, this::count);

        assertThatThrownBy(() -> collections.register("dayPrices", HOURLY, this::count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is registered as 'day-prices'");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnceInTheWordsOfTheConfiguration() {
        started("");
        Collections.Options options = Collections.Options.DEFAULT
                .withMaxOffset(Duration.ofSeconds(-1))
                .withTimeout(Duration.ZERO)
                .withOwner("x".repeat(64));

        assertThatThrownBy(() -> collections.register(NAME, new Rhythm.Interval(Duration.ZERO), options, this::count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("scheduler.collections.prices.interval = '0s': must be at least a millisecond")
                .hasMessageContaining("scheduler.collections.prices.max-offset = '-1s': must not be negative")
                .hasMessageContaining("scheduler.collections.prices.timeout = '0s': must be at least a millisecond")
                .hasMessageContaining("scheduler.collections.prices.owner")
                .hasMessageContaining("is longer than 63 characters");
        assertThatThrownBy(() -> collections.register("no name", HOURLY, this::count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scheduler.collections.no name: is not a name for a collection. Use up to 63 letters,"
                        + " digits and dashes");
        assertThat(runs.history.collections()).isEmpty();
    }

    @Test
    void optionsAreHeeded() {
        started("scheduler.defaults: {timeout: 7m, labels: {team: data}}");
        Collections.Options options = Collections.Options.DEFAULT
                .withMinimumInterval(Duration.ofMinutes(30))
                .withMaxOffset(Duration.ofMinutes(10))
                .withLabels(Map.of("venue", "xetra"))
                .withOwner("desk")
                .withCollector("feeds")
                .notRepeatable();

        collections.register(NAME, new Rhythm.Interval(Duration.ofMinutes(5)), options, this::count);

        CollectionStatus status = catalog.status(NAME).orElseThrow();
        assertThat(status.definition().isRaised()).isTrue();
        assertThat(status.definition().rhythm()).isEqualTo(new Rhythm.Interval(Duration.ofMinutes(30)));
        assertThat(status.definition().timeout()).isEqualTo(Duration.ofMinutes(7));
        assertThat(status.definition().policies().labels()).isEqualTo(Map.of("team", "data", "venue", "xetra"));
        assertThat(status.definition().policies().owner()).isEqualTo("desk");
        assertThat(status.definition().collector().name()).isEqualTo("feeds");
        assertThat(status.definition().collector().repeatable()).isFalse();
        assertThat(status.offset()).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    }

    @Test
    void aCronExpressionIsTakenAsTheConfigurationTakesIt() {
        started(
                "scheduler.quiet: [{from: '2026-03-03T00:00:00Z', to: '2026-03-04T00:00:00Z', labels: {venue: xetra}}]");
        Rhythm nightly = Collections.cron("30 2 * * *", ZoneId.of("Europe/Berlin"));
        Collections.Options options = Collections.Options.DEFAULT.withLabels(Map.of("venue", "xetra"));

        collections.register(NAME, nightly, options, this::count);

        assertThat(catalog.status(NAME).orElseThrow().nextRunAt()).isEqualTo(Instant.parse("2026-03-02T01:30:00Z"));
        clock.set(Instant.parse("2026-03-02T01:30:00Z"));
        dispatcher.wake();
        assertThat(awaitRun(1).scheduledAt()).isEqualTo(clock.instant());
        assertThat(catalog.status(NAME).orElseThrow().nextRunAt())
                .as("the day after is quiet")
                .isEqualTo(Instant.parse("2026-03-04T01:30:00Z"));
        assertThatThrownBy(() -> Collections.cron("0 0 30 2 *", ZoneId.of("UTC")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("cron = '0 0 30 2 *': ");
        assertThatThrownBy(() -> collections.register(
                        NAME,
                        Collections.cron("*/5 * * * *", ZoneId.of("UTC")),
                        Collections.Options.DEFAULT.withMinimumInterval(HOUR),
                        this::count))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "scheduler.collections.prices.cron = '*/5 * * * *': runs more often than every 1h");
    }

    @Test
    void aWindowOfTheConfigurationHoldsForACollectionThatItNames() {
        started("""
                scheduler.quiet: [{from: '2026-03-01T12:30:00Z', to: '2026-03-01T15:30:00Z', collections: [Prices]}]
                scheduler.registered-by-code: [prices]
                """);

        collections.register(NAME, HOURLY, this::count);
        collections.register("others", HOURLY, this::count);
        awaitRun(1);

        assertThat(catalog.status(NAME).orElseThrow().nextRunAt()).isEqualTo(START.plus(HOUR.multipliedBy(4)));
        assertThat(catalog.status("others").orElseThrow().nextRunAt()).isEqualTo(START.plus(HOUR));
    }

    @Test
    void aOneTimeCollectionIsServedOnce() {
        started("");
        Rhythm once = new Rhythm.Once(START.plus(HOUR));

        collections.register(NAME, once, this::count);
        clock.set(START.plus(HOUR));
        dispatcher.wake();
        awaitRun(1);
        assertThat(catalog.status(NAME).orElseThrow().state()).isEqualTo(CollectionState.COMPLETED);
        restart("");
        collections.register(NAME, once, this::count);
        clock.advance(HOUR);
        dispatcher.wake();

        assertThat(catalog.status(NAME).orElseThrow().state()).isEqualTo(CollectionState.COMPLETED);
        assertThat(calls).hasValue(1);
        assertThat(TestRuns.newest(runs.history, NAME, 10)).hasSize(1);
    }

    @Test
    void afterTheStopNothingIsChanged() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);

        collections.stop();

        for (Callable<?> change : List.<Callable<?>>of(
                () -> {
                    collections.register("other", HOURLY, this::count);
                    return true;
                },
                () -> collections.remove(NAME, null),
                () -> collections.pause(NAME, null),
                () -> collections.run(NAME, null))) {
            assertThatThrownBy(change::call)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the service has stopped");
        }
        assertThat(record().state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(collections.start(List.of())).as("at the next start").isEqualTo(1);
    }

    @Test
    void aRowThatCannotBeReadIsShownAndStopsNobody() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        awaitRun(1);
        store.write(jdbc -> jdbc.sql("UPDATE collection SET state = 'CONFUSED'").update());
        restart("");

        collections.register(NAME, HOURLY, this::count);
        collections.register("other", HOURLY, this::count);

        CollectionStatus status = catalog.status(NAME).orElseThrow();
        assertThat(status.state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(status.nextRunAt()).isNull();
        assertThat(status.record().counters().succeeded()).isEqualTo(1);
        assertThat(catalog.statuses())
                .extracting(CollectionStatus::state)
                .containsExactly(CollectionState.ACTIVE, CollectionState.QUARANTINED);
        assertThat(runs.pipeline.quarantined().get(NAME)).contains("'CONFUSED'");
        assertThatThrownBy(() -> collections.run(NAME, null)).isInstanceOf(QuarantinedException.class);
        Awaitility.await().until(() -> calls.get() == 2);
        restart("");
        collections.register(NAME, HOURLY, this::count);
        assertThat(catalog.status(NAME).orElseThrow().state())
                .as("the start after has a state that it can read")
                .isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void aConfiguredRowThatCannotBeReadIsShown() {
        String yaml = "scheduler.collections.cluster-metadata.interval: 1h";
        started(yaml);
        store.write(
                jdbc -> jdbc.sql("UPDATE collection SET declared_by = 'NOBODY'").update());

        restart(yaml);

        CollectionStatus status = catalog.status("cluster-metadata").orElseThrow();
        assertThat(status.state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(runs.pipeline.quarantined()).containsOnlyKeys("cluster-metadata");
    }

    @Test
    void aCollectionMovesBetweenTheConfigurationAndTheCode() {
        String yaml = "scheduler.collections.cluster-metadata.interval: 1h";
        started(yaml);
        Awaitility.await()
                .until(() ->
                        !TestRuns.newest(runs.history, "cluster-metadata", 1).isEmpty());
        restart("");
        assertThat(runs.record("cluster-metadata").state()).isEqualTo(CollectionState.RETIRED);

        collections.register("cluster-metadata", HOURLY, this::count);
        assertThat(runs.record("cluster-metadata").declaredBy()).isEqualTo(DeclaredBy.PROCESS);
        restart(yaml);

        assertThat(runs.record("cluster-metadata").declaredBy()).isEqualTo(DeclaredBy.CONFIGURATION);
        assertThat(runs.record("cluster-metadata").anchor()).isEqualTo(START);
    }

    /** It would have to wait for itself, was it called under a lock that another thread needs. */
    @Test
    void aListenerMayWaitForWhatAnotherThreadChangesAndForTheStop() {
        started("");
        collections.register(NAME, HOURLY, this::count);
        runs.events.listen(event -> {
            if (event instanceof RunEvent.CollectionPaused) {
                CompletableFuture.runAsync(() -> collections.resume(NAME, null))
                        .thenRun(collections::stop)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join();
            }
        });

        assertThat(collections.pause(NAME, null)).isTrue();

        assertThat(record().state()).isEqualTo(CollectionState.ACTIVE);
        assertThatThrownBy(() -> collections.pause(NAME, null)).hasMessageContaining("the service has stopped");
    }

    @Test
    void manyThreadsRegisterAndRemoveAtOnce() throws Exception {
        started("");
        int threads = 8;
        int each = 12;
        CyclicBarrier barrier = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        List<Future<?>> done = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            done.add(executor.submit(() -> {
                barrier.await(10, TimeUnit.SECONDS);
                for (int i = 0; i < each; i++) {
                    collections.register("mine-" + thread + "-" + i, HOURLY, this::count);
                    collections.register("shared-" + i, HOURLY, this::count);
                    if (i % 3 == 0) {
                        collections.remove("mine-" + thread + "-" + i, null);
                    }
                }
                return null;
            }));
        }
        for (Future<?> future : done) {
            future.get(40, TimeUnit.SECONDS);
        }
        executor.shutdown();

        int expected = threads * each * 2 / 3 + each;
        assertThat(catalog.names()).hasSize(expected);
        assertThat(dispatcher.armed).hasSize(expected);
        long active = runs.history.collections().stream()
                .filter(record -> record.state() == CollectionState.ACTIVE)
                .count();
        assertThat(active).isEqualTo(expected);
    }

    private Collected count(CollectionContext context) {
        calls.incrementAndGet();
        return Collected.of(context.collection(), Map.of("call", calls.get()));
    }

    private void open(String yaml) {
        runs = new TestRuns(store, clock, new MutableTicker(), 4);
        dispatcher = new WakingDispatcher(runs);
        BoundSettings settings = WrittenSettings.yaml(yaml.isEmpty() ? "scheduler.source: host" : yaml)
                .bind(DefinitionsTests.TYPES);
        catalog = new Catalog(runs.registrations, runs.interventions, runs.pipeline, Agreement.ALONE, clock);
        collections = new Collections(
                catalog,
                new Collections.Engine(runs.interventions, runs.pipeline, dispatcher),
                new ProcessDefinitions(settings::get),
                "a seed");
        configured = Definitions.of(
                settings::get,
                List.of(new TestCollector("cluster-metadata", true, context -> TestCollector.data())),
                new CollectorParameters(settings),
                problem -> {
                    throw new AssertionError(problem.toString());
                });
    }

    private void started(String yaml) {
        open(yaml);
        collections.start(configured);
    }

    /** Another process on the same store. */
    private void restart(String yaml) {
        collections.stop();
        Awaitility.await().until(() -> runs.pipeline.waiting() == 0);
        started(yaml);
    }

    private Run newest() {
        return TestRuns.newest(runs.history, NAME, 1).get(0);
    }

    /** The newest run, once so many have ended. */
    private Run awaitRun(int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> TestRuns.newest(runs.history, NAME, 10).stream()
                                .filter(Run::isFinished)
                                .count()
                        == count);
        return newest();
    }

    private CollectionRecord record() {
        return runs.record(NAME);
    }

    /** In the order in which they were made. */
    private List<String> audit() {
        return store.read(jdbc -> jdbc.sql("SELECT * FROM audit ORDER BY at, action DESC")
                .query((row, number) -> (row.getString("action") + " " + row.getString("origin") + " "
                                + Optional.ofNullable(row.getString("reason")).orElse(""))
                        .strip())
                .list());
    }
}
