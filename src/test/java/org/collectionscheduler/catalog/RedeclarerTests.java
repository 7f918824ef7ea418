package org.collectionscheduler.catalog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.AuditEntry;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent.CollectionRegistered;
import org.collectionscheduler.run.RunEvent.CollectionRemoved;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.StartRefusedException;
import org.collectionscheduler.settings.WrittenSettings;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.SilentDataSource;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.collectionscheduler.store.TestStores;
import org.collectionscheduler.store.UnreliableDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of collections, running ones among them, when the configuration declares others. */
@Timeout(60)
class RedeclarerTests {

    private static final Instant START = MutableClock.START;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Cause CAUSE = new Cause("api 127.0.0.1", "less often");
    private static final String STEADY = "steady: {collector: probe, interval: 1h}";

    /** As often as a write is tried. */
    private static final int EVERY_TRY = 4;

    private final MutableClock clock = new MutableClock();
    private final SilentDataSource silent = SilentDataSource.inMemory();
    private final UnreliableDataSource database = silent.unreliable();
    private final Store store = TestStores.unreliable(database, clock);
    private final CountDownLatch hold = new CountDownLatch(1);
    private final List<Collector> collectors = List.of(
            TestCollector.succeeding(),
            new TestCollector("other", true, context -> TestCollector.data()),
            new TestCollector("broken", true, context -> {
                throw new IllegalStateException("not yet");
            }),
            new TestCollector("held", true, this::held));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private TestRuns runs;
    private WakingDispatcher dispatcher;
    private Catalog catalog;
    private Collections collections;
    private Redeclarer redeclarer;

    @BeforeEach
    void open() {
        open("");
    }

    @AfterEach
    void close() {
        hold.countDown();
        timer.shutdownNow();
        store.close();
    }

    @Test
    void aChangedIntervalKeepsTheAnchorAndBeginsAtItsFirstSlotAfterTheChange() {
        start(STEADY, "late: {collector: probe, interval: 1h}");
        awaitRuns("late", 1);
        clock.advance(Duration.ofMinutes(50));

        Difference difference = redeclare(STEADY, "late: {collector: probe, interval: 20m}");
        dispatcher.wake();

        assertThat(difference.changed())
                .extracting(changed -> changed.now().name())
                .containsExactly("late");
        assertThat(difference.unchanged()).isEqualTo(1);
        assertThat(record("late").anchor()).isEqualTo(START);
        assertThat(next("late")).isEqualTo(START.plus(HOUR));
        assertThat(next("steady")).isEqualTo(START.plus(HOUR));
        assertThat(TestRuns.newest(runs.history, "late", 10)).as("no catch-up").hasSize(1);
        clock.advance(Duration.ofMinutes(10));
        dispatcher.wake();
        awaitRuns("late", 2);
        assertThat(TestRuns.newest(runs.history, "late", 1).get(0).kind()).isEqualTo(RunKind.SCHEDULE);
        assertThat(next("late")).isEqualTo(START.plus(Duration.ofMinutes(80)));
    }

    @Test
    void aSlotThatHasNotBeenServedYetIsServedWhenOnlyAPolicyChanges() {
        start(STEADY);
        awaitRuns("steady", 1);
        clock.advance(HOUR.plusSeconds(5));

        redeclare("steady: {collector: probe, interval: 1h, timeout: 7m}");

        awaitRuns("steady", 2);
        assertThat(TestRuns.newest(runs.history, "steady", 1).get(0).scheduledAt())
                .isEqualTo(START.plus(HOUR));
        assertThat(catalog.status("steady").orElseThrow().definition().timeout())
                .isEqualTo(Duration.ofMinutes(7));
    }

    @Test
    void whatIsNewBeginsAndWhatIsGoneIsRetiredWithItsHistory() {
        start(STEADY, "old: {collector: probe, interval: 1h}");
        awaitRuns("old", 1);

        Difference difference = redeclare(STEADY, "new: {collector: other, interval: 1h}");

        awaitRuns("new", 1);
        assertThat(difference.added()).extracting(Definition::name).containsExactly("new");
        assertThat(catalog.names()).containsExactly("new", "steady");
        assertThat(dispatcher.armed).containsOnlyKeys("new", "steady");
        assertThat(record("old").state()).isEqualTo(CollectionState.RETIRED);
        assertThat(TestRuns.newest(runs.history, "old", 10)).hasSize(1);
        assertThat(runs.events.all(CollectionRegistered.class)).hasSize(1);
        assertThat(runs.events.all(CollectionRemoved.class)).hasSize(1);
        redeclare(STEADY, "old: {collector: probe, interval: 1h}");
        assertThat(record("old").anchor()).isEqualTo(START);
        assertThat(record("new").state()).isEqualTo(CollectionState.RETIRED);
    }

    @Test
    void theAuditSaysWhatWasAddedChangedAndRetiredFromWhereAndWhy() {
        start(STEADY, "old: {collector: probe, interval: 1h}", "late: {collector: probe, interval: 1h}");
        clock.advance(Duration.ofMinutes(1));

        redeclare(STEADY, "new: {collector: probe, interval: 1h}", "late: {collector: probe, interval: 2h}");

        List<AuditEntry> audit = runs.history.audit(null, null, 10).rows();
        assertThat(audit)
                .extracting(entry -> entry.action().lowerCaseName() + " " + entry.collection())
                .containsExactlyInAnyOrder("register new", "change late", "remove old");
        assertThat(audit).allSatisfy(entry -> {
            assertThat(entry.at()).isEqualTo(START.plus(Duration.ofMinutes(1)));
            assertThat(entry.origin()).isEqualTo(CAUSE.origin());
            assertThat(entry.reason()).isEqualTo(CAUSE.reason());
        });
    }

    @Test
    void theSameAgainIsNoChangeWhateverIsWrittenOfIt() {
        String[] all = {
            "cron: {collector: probe, cron: '0 2 * * MON', zone: Europe/Berlin, labels: {tier: gold}}",
            "weekly: {collector: probe, weekly: {days: [MON], time: '18:00'}, retry: {jitter: 0.1}}",
            "once: {collector: probe, at: 2030-07-01T18:00:00Z}"
        };
        String quiet = "  quiet:\n  - {weekly: {days: [SUN], time: '22:00', duration: 8h}, labels: {tier: gold}}\n"
                + "  - {from: 2030-01-01T00:00:00Z, to: 2030-01-02T00:00:00Z}\n";
        startYaml(yaml(all) + quiet);
        int commits = database.commits();

        Difference difference = redeclareYaml(yaml(all) + quiet);

        assertThat(difference.unchanged()).isEqualTo(3);
        assertThat(difference.changed()).isEmpty();
        assertThat(runs.history.audit(null, null, 10).rows()).isEmpty();
        assertThat(database.commits()).isEqualTo(commits);
        assertThat(redeclareYaml(yaml(all) + quiet.replace("8h", "9h")).changed())
                .as("the window for one, and not for all")
                .extracting(changed -> changed.now().name())
                .containsExactly("cron");
    }

    @Test
    void aPauseAndARestStay() {
        start(
                "paused: {collector: probe, interval: 1h}",
                "rested: {collector: broken, interval: 1h, suspend-after: 1, suspend-for: 30m, retry: {max-attempts: 1}}");
        awaitRuns("paused", 1);
        awaitRuns("rested", 1);
        collections.pause("paused", null);
        clock.advance(Duration.ofMinutes(10));

        redeclare(
                "paused: {collector: probe, interval: 5m}",
                "rested: {collector: broken, interval: 5m, suspend-after: 1, suspend-for: 30m, retry: {max-attempts: 1}}");
        clock.advance(Duration.ofMinutes(6));
        dispatcher.wake();

        assertThat(catalog.status("paused").orElseThrow().state()).isEqualTo(CollectionState.PAUSED);
        assertThat(catalog.status("rested").orElseThrow().state()).isEqualTo(CollectionState.SUSPENDED);
        assertThat(record("rested").suspendedUntil()).isEqualTo(START.plus(Duration.ofMinutes(30)));
        assertThat(TestRuns.newest(runs.history, "paused", 10)).hasSize(1);
        assertThat(TestRuns.newest(runs.history, "rested", 10)).hasSize(1);
    }

    @Test
    void attemptsUnderWayGoOnOfChangedAndOfRetiredCollections() {
        start("changed: {collector: held, interval: 1h}", "gone: {collector: held, interval: 1h}");
        Awaitility.await()
                .until(() -> runs.history.active().stream()
                                .filter(run -> run.startedAt() != null)
                                .count()
                        == 2);

        redeclare("changed: {collector: held, interval: 2h}");
        hold.countDown();

        awaitRuns("changed", 1);
        awaitRuns("gone", 1);
        assertThat(TestRuns.newest(runs.history, null, 10))
                .extracting(Run::outcome)
                .containsOnly(RunOutcome.SUCCEEDED)
                .hasSize(2);
        assertThat(record("gone").state()).isEqualTo(CollectionState.RETIRED);
    }

    @Test
    void aRetryThatARetiredCollectionOwesIsGivenUp() {
        start("gone: {collector: broken, interval: 1h}");
        Awaitility.await()
                .until(() -> TestRuns.newest(runs.history, "gone", 1).get(0).nextAttemptAt() != null);

        redeclare();

        assertThat(TestRuns.newest(runs.history, "gone", 1).get(0).outcome()).isEqualTo(RunOutcome.FAILED);
    }

    @Test
    void onlyWhatIsNewRunsAsAtTheStart() {
        String always = "  run-on-start: always\n";
        String leapDays = ", cron: '0 0 29 2 *'}";
        startYaml(always + yaml("steady: {collector: probe" + leapDays, "late: {collector: probe" + leapDays));
        awaitRuns("steady", 1);
        awaitRuns("late", 1);
        clock.advance(Duration.ofMinutes(10));

        redeclareYaml(always
                + yaml(
                        "steady: {collector: probe" + leapDays,
                        "late: {collector: other" + leapDays,
                        "new: {collector: probe" + leapDays));
        dispatcher.wake();

        awaitRuns("new", 1);
        assertThat(TestRuns.newest(runs.history, "new", 1).get(0).kind()).isEqualTo(RunKind.START);
        assertThat(TestRuns.newest(runs.history, "steady", 10)).hasSize(1);
        assertThat(TestRuns.newest(runs.history, "late", 10)).hasSize(1);
    }

    @Test
    void disabledAndEnabledAgainMissesNothing() {
        start(STEADY);
        awaitRuns("steady", 1);

        redeclare("steady: {collector: probe, interval: 1h, enabled: false}");
        assertThat(catalog.status("steady").orElseThrow().state()).isEqualTo(CollectionState.DISABLED);
        clock.advance(HOUR.multipliedBy(3).plusMinutes(1));
        dispatcher.wake();
        redeclare(STEADY);
        dispatcher.wake();

        assertThat(TestRuns.newest(runs.history, "steady", 10)).hasSize(1);
        assertThat(next("steady")).isEqualTo(START.plus(HOUR.multipliedBy(4)));
    }

    @Test
    void whatCodeHasRegisteredIsLeftAloneAndItsNameIsTaken() {
        start(STEADY);
        collections.register("prices", new Rhythm.Interval(HOUR), context -> TestCollector.data());
        awaitRuns("prices", 1);

        assertThat(redeclare(STEADY, "new: {collector: probe, interval: 1h}").retired())
                .isEmpty();
        assertThat(catalog.names()).containsExactly("new", "prices", "steady");
        assertThatThrownBy(() -> redeclare("PRICES: {collector: probe, interval: 1h}"))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("scheduler.collections.PRICES")
                .hasMessageContaining("code has registered");
        assertThat(catalog.names()).containsExactly("new", "prices", "steady");
        assertThat(record("prices").state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void whatCodeRegistersLaterGoesByTheNewConfiguration() {
        start(STEADY);
        redeclareYaml("  defaults: {timeout: 3m}\n" + yaml("taken: {collector: probe, interval: 1h}"));

        assertThatThrownBy(() -> collections.register("taken", new Rhythm.Interval(HOUR), c -> TestCollector.data()))
                .isInstanceOf(IllegalArgumentException.class);
        collections.register("steady", new Rhythm.Interval(HOUR), context -> TestCollector.data());

        assertThat(catalog.status("steady").orElseThrow().definition().timeout())
                .isEqualTo(Duration.ofMinutes(3));
        assertThat(record("steady").state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void anotherSpellingIsAnotherCollection() {
        start("night-shift: {collector: probe, interval: 1h}");

        Difference difference = redeclare("nightshift: {collector: probe, interval: 1h}");

        assertThat(difference.added()).hasSize(1);
        assertThat(difference.retired()).hasSize(1);
        assertThat(catalog.names()).containsExactly("nightshift");
        assertThat(dispatcher.armed).containsOnlyKeys("nightshift");
        assertThat(record("night-shift").state()).isEqualTo(CollectionState.RETIRED);
    }

    @Test
    void aRowThatCannotBeReadIsQuarantinedAndOneThatIsStaysSo() {
        start(STEADY, "old: {collector: probe, interval: 1h}");
        awaitRuns("old", 1);
        redeclare(STEADY);
        damage("old");

        redeclare(STEADY, "old: {collector: probe, interval: 1h}");
        assertThat(catalog.status("old").orElseThrow().state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(dispatcher.armed).containsOnlyKeys("steady");
        redeclare(STEADY, "old: {collector: probe, interval: 2h}");

        assertThat(catalog.status("old").orElseThrow().state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(dispatcher.armed).containsOnlyKeys("steady");
    }

    @Test
    void whoeverListsCollectionsSeesAllAsItWasOrAllAsItIs() throws Exception {
        List<String> one = List.of("a1", "a2", "a3");
        List<String> other = List.of("b1", "b2", "b3");
        start(declarations(one));
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Future<Set<List<String>>> seen = executor.submit(() -> {
            Set<List<String>> lists = new HashSet<>();
            while (!lists.contains(other)) {
                lists.add(catalog.names());
            }
            return lists;
        });

        redeclare(declarations(other));

        assertThat(seen.get(10, TimeUnit.SECONDS)).isSubsetOf(Set.of(one, other));
        executor.shutdown();
    }

    private static String[] declarations(List<String> names) {
        return names.stream()
                .map(name -> name + ": {collector: probe, interval: 1h}")
                .toArray(String[]::new);
    }

    @Test
    void nothingChangesWhileTheStoreIsAway() {
        start(STEADY, "old: {collector: probe, interval: 1h}");
        awaitRuns("old", 1);
        TestStores.refuseWrites(store);

        assertThatThrownBy(() ->
                        redeclare("steady: {collector: probe, interval: 2h}", "new: {collector: probe, interval: 1h}"))
                .isInstanceOf(StoreUnavailableException.class);

        assertThat(catalog.names()).containsExactly("old", "steady");
        assertThat(dispatcher.armed).containsOnlyKeys("old", "steady");
        assertThat(next("steady")).isEqualTo(START.plus(HOUR));
        TestStores.acceptWrites(store);
        assertThat(record("old").state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(runs.history.audit(null, null, 10).rows()).isEmpty();
        assertThat(redeclare(STEADY).retired()).hasSize(1);
    }

    @Test
    void whatWasStoredWithoutAnAcknowledgementIsInForce() {
        start(STEADY, "old: {collector: probe, interval: 1h}");
        awaitRuns("steady", 1);
        awaitRuns("old", 1);
        database.loseAcknowledgements(EVERY_TRY);

        redeclare("steady: {collector: probe, interval: 2h}", "new: {collector: probe, interval: 1h}");

        awaitRuns("new", 1);
        assertThat(catalog.names()).containsExactly("new", "steady");
        assertThat(next("steady")).isEqualTo(START.plus(HOUR.multipliedBy(2)));
        assertThat(record("old").state()).isEqualTo(CollectionState.RETIRED);
        assertThat(runs.history.audit(null, null, 10).rows()).hasSize(3);
    }

    @Test
    void theStoreIsAskedUntilItSaysWhetherItHasStoredWhatItDidNotAcknowledge() {
        start(STEADY);
        awaitRuns("steady", 1);
        database.loseAcknowledgements(EVERY_TRY);
        silent.fallSilentAfter(EVERY_TRY);

        assertThatThrownBy(() -> redeclare("new: {collector: probe, interval: 1h}"))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(catalog.names()).containsExactly("steady");
        assertThatThrownBy(() -> redeclare("newer: {collector: probe, interval: 1h}"))
                .as("before the next the one before it is settled")
                .isInstanceOf(StoreUnavailableException.class);
        ask();
        assertThat(catalog.names()).containsExactly("steady");
        silent.speak();
        ask();

        assertThat(catalog.names()).containsExactly("new");
        awaitRuns("new", 1);
        assertThat(record("steady").state()).isEqualTo(CollectionState.RETIRED);
        assertThat(timer.getQueue()).isEmpty();
    }

    /** What the timer would do later. */
    private void ask() {
        Runnable question = timer.getQueue().iterator().next();
        timer.getQueue().remove(question);
        question.run();
    }

    @Test
    void nothingIsDoneBeforeTheStartAndAfterTheStop() {
        assertThat(collections.alone(() -> "done")).isEmpty();
        start(STEADY);
        assertThat(collections.alone(() -> "done")).hasValue("done");
        collections.stop();
        assertThat(collections.alone(() -> "done")).isEmpty();
    }

    @Test
    void aStartAfterAReloadFollowsWhatTheReloadHasDeclared() {
        List<Definition> first = start(STEADY);
        redeclare("new: {collector: probe, interval: 1h}");
        collections.stop();

        collections.start(first);

        assertThat(record("new").state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(record("steady").state()).isEqualTo(CollectionState.RETIRED);
    }

    private Collected held(CollectionContext context) throws InterruptedException {
        assertThat(hold.await(30, TimeUnit.SECONDS)).isTrue();
        return Collected.of("test", Map.of("answer", context.attempt()));
    }

    private void damage(String name) {
        store.write(jdbc -> jdbc.sql("UPDATE collection SET anchor = 'torn' WHERE name = :name")
                .param("name", name)
                .update());
    }

    private static String yaml(String... declared) {
        return "  collections:\n    " + String.join("\n    ", declared) + "\n";
    }

    private List<Definition> start(String... declared) {
        return startYaml(declared.length == 0 ? "" : yaml(declared));
    }

    private List<Definition> startYaml(String yaml) {
        List<Definition> configured = open(yaml).configured();
        collections.start(configured);
        return configured;
    }

    private Redeclarer.Wanted open(String yaml) {
        runs = new TestRuns(store, clock, new MutableTicker(), 4);
        dispatcher = new WakingDispatcher(runs);
        catalog = new Catalog(runs.registrations, runs.interventions, runs.pipeline, Agreement.ALONE, clock);
        Collections.Engine engine = new Collections.Engine(runs.interventions, runs.pipeline, dispatcher);
        Redeclarer.Wanted wanted = wanted(yaml);
        collections = new Collections(catalog, engine, wanted.forCode(), "a seed");
        redeclarer = new Redeclarer(collections, catalog, engine, runs.redeclarations, timer);
        return wanted;
    }

    private Redeclarer.Wanted wanted(String yaml) {
        return wanted(yaml, collectors);
    }

    /** What those settings of collections declare. */
    static Redeclarer.Wanted wanted(String yaml, List<Collector> collectors) {
        BoundSettings settings =
                WrittenSettings.yaml("scheduler:\n  source: host\n" + yaml).bind(DefinitionsTests.TYPES);
        List<Definition> definitions =
                Definitions.of(settings::get, collectors, new CollectorParameters(settings), problem -> {
                    throw new AssertionError(problem.toString());
                });
        return new Redeclarer.Wanted(definitions, new ProcessDefinitions(settings::get));
    }

    private Difference redeclare(String... declared) {
        return redeclareYaml(declared.length == 0 ? "" : yaml(declared));
    }

    private Difference redeclareYaml(String yaml) {
        Redeclarer.Wanted wanted = wanted(yaml);
        return collections.alone(() -> redeclarer.redeclare(wanted, CAUSE)).orElseThrow();
    }

    private CollectionRecord record(String name) {
        return runs.record(name);
    }

    private Instant next(String name) {
        return requireNonNull(catalog.status(name).orElseThrow().nextRunAt());
    }

    private void awaitRuns(String name, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> TestRuns.newest(runs.history, name, 10).stream()
                                .filter(Run::isFinished)
                                .count()
                        == count);
    }
}
