package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.dispatch.cluster.ClusterProcess;
import org.collectionscheduler.run.AuditEntry;
import org.collectionscheduler.run.Cause;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Redeclarations;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent.CollectionRegistered;
import org.collectionscheduler.run.RunState;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of collections in each of several processes on one PostgreSQL that do not declare the same at once. */
@Timeout(60)
class AccordTests {

    private static final Cause CAUSE = new Cause("api 127.0.0.1", "less often");
    private static final String STEADY = "steady: {collector: probe, interval: 1h}";
    private static final Rhythm HOURLY = new Rhythm.Interval(Duration.ofHours(1));
    private static final Rhythm TWO_HOURLY = new Rhythm.Interval(Duration.ofHours(2));
    private static final String LEAP_DAYS = ", cron: '0 0 29 2 *'}";

    private final DatabaseServer server = TestStores.server();
    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final List<Process> processes = new ArrayList<>();
    private final CountDownLatch hold = new CountDownLatch(1);

    @AfterEach
    void close() {
        hold.countDown();
        processes.forEach(Process::end);
    }

    @Test
    void whatComesIntoForceByAgreementIsAuditedOnceAsItsReloadWouldHave() {
        List<Process> all =
                started(3, STEADY, "old: {collector: probe, interval: 1h}", "late: {collector: probe, interval: 1h}");
        String[] wanted = {STEADY, "new: {collector: probe, interval: 1h}", "late: {collector: probe, interval: 2h}"};
        all.get(0).redeclare(wanted);
        all.get(1).redeclare(wanted);
        assertThat(audit(all.get(0))).isEmpty();

        all.get(2).end();

        await().until(() -> all.get(0).agrees() && all.get(1).agrees());
        assertThat(audit(all.get(0)))
                .extracting(entry -> entry.action().lowerCaseName() + " " + entry.collection())
                .containsExactlyInAnyOrder("register new", "change late", "remove old");
        assertThat(audit(all.get(0))).allSatisfy(entry -> {
            assertThat(entry.origin()).isEqualTo(CAUSE.origin());
            assertThat(entry.reason()).isEqualTo(CAUSE.reason());
        });
        assertThat(all.subList(0, 2))
                .flatExtracting(process -> process.runs.events.all(CollectionRegistered.class))
                .as("told once")
                .extracting(CollectionRegistered::collection)
                .containsExactlyInAnyOrder("late", "new");
        assertThat(all.subList(0, 2))
                .allSatisfy(process -> assertThat(process.dispatcher.armed).containsOnlyKeys("late", "new", "steady"));
    }

    @Test
    void ofTwoThatPutTheSameInForceAtATimeOneIsAudited() {
        List<Process> all = started(2, STEADY);
        List<Definition> wanted =
                all.get(0).wanted("new: {collector: probe, interval: 1h}").configured();
        List<Redeclarations.Entry> entries = all.stream()
                .map(process -> process.runs.redeclarations.entry(
                        new Redeclarations.Change(
                                List.of(wanted.get(0).registration("a seed")), List.of(), List.of("steady")),
                        CAUSE))
                .toList();

        for (int i = 0; i < 2; i++) {
            assertThat(all.get(i)
                            .runs
                            .redeclarations
                            .store(entries.get(i), all.get(i).cluster.agreement(), Declarations.all(wanted))
                            .schedules())
                    .containsOnlyKeys("new");
        }

        assertThat(audit(all.get(0)))
                .extracting(entry -> entry.action().lowerCaseName() + " " + entry.collection())
                .containsExactlyInAnyOrder("register new", "remove steady");
        assertThat(all.get(0).runs.events.all(CollectionRegistered.class)).hasSize(1);
        assertThat(all.get(1).runs.events.all(CollectionRegistered.class)).isEmpty();
    }

    @Test
    void whatIsInForceAlreadyWhenALateReloadDeclaresItIsNotAuditedAgain() {
        Process first = started(1, STEADY).get(0);
        Process late = started(1, "steady: {collector: probe, interval: 2h}").get(0);
        assertThat(late.agrees()).isFalse();

        late.redeclare(STEADY);

        assertThat(late.agrees()).isTrue();
        assertThat(late.dispatcher.armed).containsOnlyKeys("steady");
        assertThat(audit(first)).isEmpty();
    }

    @Test
    void ofWhatComesIntoForceByAgreementOnlyWhatIsNewRunsAsAtTheStart() {
        String always = "  run-on-start: always\n";
        List<Process> all = startedYaml(2, always + yaml("late: {collector: probe" + LEAP_DAYS));
        Process first = all.get(0);
        Duration minimum = TestCollector.succeeding().minimumInterval();
        await("another start would make a run of it")
                .until(() -> !first.finished("late").isEmpty()
                        && clock.instant()
                                .isAfter(first.finished("late")
                                        .get(0)
                                        .createdAt()
                                        .plus(minimum)));
        int before = first.finished("late").size();

        first.redeclareYaml(always + yaml("late: {collector: other" + LEAP_DAYS, "new: {collector: probe" + LEAP_DAYS));
        all.get(1).end();

        await().until(() -> first.finished("new").size() == 1 && first.agrees());
        assertThat(first.armed("late").collector().name()).isEqualTo("other");
        await().during(Duration.ofMillis(500))
                .until(() -> first.finished("late").size() == before);
    }

    @Test
    void aCollectionThatCameIntoForceByAgreementKeepsNoPermitOnceItIsGone() {
        List<Process> all = started(2, "late: {collector: probe, interval: 1h}");
        Process first = all.get(0);
        first.redeclare("late: {collector: other, interval: 2h}");
        first.redeclare("late: {collector: other, interval: 3h}");
        all.get(1).end();
        await().until(first::agrees);

        first.redeclare("one: {collector: held, interval: 1h}", "two: {collector: held, interval: 1h}");

        await().until(() -> first.running() == Process.PERMITS);
    }

    @Test
    void aCollectionThatNeverCameIntoForceTakesNoPermitFromOthersWhenItIsGone() {
        String other = "other: {collector: other, interval: 1h}";
        List<Process> all = started(2, other);
        Process first = all.get(0);
        first.redeclare(other, "never: {collector: other, interval: 1h}");
        first.redeclare(other);
        all.get(1).end();
        await().until(first::agrees);
        await().until(() -> !first.finished("other").isEmpty());

        first.redeclare(other, "one: {collector: held, interval: 1h}", "two: {collector: held, interval: 1h}");

        await().until(() -> first.running() == 1);
        await().during(Duration.ofMillis(500)).until(() -> first.running() == 1);
    }

    @Test
    void whatIsDeclaredAgainAsItIsInForceIsFollowedAgainWhateverElseIsNot() {
        List<Process> all = started(2, STEADY, "late: {collector: probe, interval: 1h}");
        Process first = all.get(0);
        Instant anchor = first.runs.record("steady").anchor();
        await().until(() -> clock.instant().isAfter(anchor));

        first.redeclare("steady: {collector: probe, interval: 2h}", "late: {collector: probe, interval: 1h}");
        assertThat(first.dispatcher.armed).containsOnlyKeys("late");
        first.redeclare(STEADY, "late: {collector: probe, interval: 2h}");

        assertThat(first.dispatcher.armed).containsOnlyKeys("steady");
        assertThat(first.armed("steady").rules().schedule().nextAfter(anchor))
                .hasValue(anchor.plus(Duration.ofHours(1)));
        first.redeclare(STEADY, "late: {collector: probe, interval: 1h}");
        assertThat(first.agrees()).isTrue();
        assertThat(first.dispatcher.armed).containsOnlyKeys("late", "steady");
        assertThat(audit(first)).isEmpty();
    }

    @Test
    void whoeverComesBackToAnotherConfigurationLeavesItToTheOthersUntilTheyAreGone() {
        Process back = started(1, STEADY).get(0);
        List<Process> others = new ArrayList<>();
        awayWhile(back, () -> others.addAll(started(1, "steady: {collector: probe, interval: 2h}")));
        Process other = others.get(0);
        assertThat(other.agrees()).isTrue();

        await().atMost(Duration.ofSeconds(20)).until(() -> !back.agrees());
        assertThat(back.dispatcher.armed).isEmpty();
        assertThat(differing(back)).hasSize(1);
        other.end();

        await().atMost(Duration.ofSeconds(20)).until(back::agrees);
        assertThat(back.dispatcher.armed).containsOnlyKeys("steady");
        assertThat(back.runs.record("steady").rhythm()).contains("1H");
        assertThat(differing(back)).isEmpty();
    }

    @Test
    void whatAReloadHasDeclaredThatWasNotStoredIsDeclaredNoMore() {
        List<Process> all = started(2, STEADY);
        // As a reload begins that then cannot be stored.
        all.get(0)
                .catalog
                .declare(all.get(0)
                        .wanted("steady: {collector: probe, interval: 2h}")
                        .configured());
        assertThat(all.get(1).catalog.agreement().others(inForce(all.get(1)))).hasSize(1);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.get(1)
                        .catalog
                        .agreement()
                        .others(inForce(all.get(1)))
                        .isEmpty());
        assertThat(all).allSatisfy(process -> assertThat(process.agrees()).isTrue());
        assertThat(all)
                .allSatisfy(process -> assertThat(process.dispatcher.armed).containsOnlyKeys("steady"));
    }

    @Test
    void whatIsNotInForceAsItIsDeclaredHereIsNotTakenForOverdueHere() {
        List<Process> all = started(2, STEADY, "late: {collector: probe, interval: 1h}");
        Process first = all.get(0);

        first.redeclare("late: {collector: probe, interval: 1s}");

        CollectionStatus status = first.catalog.status("late").orElseThrow();
        assertThat(status.inForce()).isFalse();
        assertThat(status.nextRunAt()).isNull();
        Instant later = status.record().anchor().plus(Duration.ofSeconds(5));
        await().atMost(Duration.ofSeconds(10)).until(() -> clock.instant().isAfter(later));
        assertThat(first.trouble("late")).isEmpty();
        assertThat(first.catalog.declaredElsewhere()).containsExactly("steady");
        assertThat(all.get(1).catalog.declaredElsewhere()).isEmpty();
        assertThat(all.get(1).catalog.status("late").orElseThrow().inForce()).isTrue();
    }

    @Test
    void aReloadOfOneThatIsAloneIsInForceAtOnce() {
        Process alone = started(1, STEADY).get(0);

        alone.redeclare("steady: {collector: probe, interval: 2h}");

        assertThat(alone.agrees()).isTrue();
        assertThat(alone.runs.record("steady").rhythm()).contains("2H");
        assertThat(audit(alone)).hasSize(1);
    }

    @Test
    void whoeverDiffersFromWhatIsBeingPutInForceFollowsAllOfItsOwnWhenTheOtherIsGone() {
        Process first =
                started(1, STEADY, "late: {collector: probe, interval: 1h}").get(0);
        Process second = new Process(yaml(STEADY));
        processes.add(second);
        first.end();
        // As the start begins of one that does not declare "late", and has not stored that yet.
        assertThat(second.catalog.declare(second.first.configured())).isTrue();
        Process third =
                started(1, STEADY, "late: {collector: probe, interval: 1h}").get(0);
        assertThat(third.agrees()).isFalse();
        second.catalog.putInForce(second.first.configured(), "a seed");
        await().atMost(Duration.ofSeconds(20)).until(() -> differing(third).equals(List.of("adds late")));
        await().until(() -> third.dispatcher.armed.keySet().equals(Set.of("steady")));

        second.end();

        await().atMost(Duration.ofSeconds(20)).until(third::agrees);
        assertThat(third.dispatcher.armed).containsOnlyKeys("late", "steady");
        assertThat(third.runs.record("late").state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void ofSeveralWhoseCodeDiffersOneRunsWhatNobodyDeclaresAsItIsInForce() {
        List<Process> all = started(3, STEADY);
        all.get(0).register("coded", HOURLY);
        all.get(1).register("coded", TWO_HOURLY);
        all.get(2).register("coded", new Rhythm.Interval(Duration.ofHours(3)));

        all.get(0).end();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.subList(1, 3).stream()
                        .anyMatch(process ->
                                process.isInForce("coded") && process.dispatcher.armed.containsKey("coded")));
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> all.subList(1, 3).stream()
                                .filter(process -> process.isInForce("coded"))
                                .count()
                        == 1);
    }

    @Test
    void whatIsDeclaredByCodeOfOthersAloneIsNamed() {
        List<Process> all = started(2, STEADY);

        all.get(0).register("coded", HOURLY);

        assertThat(all.get(1).catalog.declaredElsewhere()).containsExactly("coded");
        assertThat(all.get(0).catalog.declaredElsewhere()).isEmpty();
    }

    @Test
    void whatWasSaidThatWasNotToBeSaidIsSaidAnew() {
        List<Process> all = started(2, STEADY);
        all.forEach(process -> process.register("coded", HOURLY));

        // As a registration begins that is not stored then.
        all.get(0).cluster.agreement().byCode().declare("coded", "otherwise");
        all.get(0).cluster.agreement().byCode().declare("another", "otherwise");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> all.get(0)
                        .cluster
                        .agreement()
                        .byCode()
                        .declared()
                        .equals(all.get(1).cluster.agreement().byCode().declared()));
    }

    @Test
    void whatCodeDeclaresOtherwiseWaitsForTheCodeOfTheOthers() {
        List<Process> all = started(2, STEADY);
        Process first = all.get(0);
        Process second = all.get(1);
        first.register("coded", HOURLY);

        second.register("coded", TWO_HOURLY);

        assertThat(second.dispatcher.armed).doesNotContainKey("coded");
        assertThat(second.catalog.status("coded").orElseThrow().inForce()).isFalse();
        assertThat(first.runs.record("coded").rhythm()).contains("1H");
        assertThat(differing(first)).containsExactly("by code, changes coded");
        first.end();

        await().atMost(Duration.ofSeconds(20)).until(() -> second.dispatcher.armed.containsKey("coded"));
        assertThat(second.catalog.status("coded").orElseThrow().inForce()).isTrue();
        assertThat(second.runs.record("coded").rhythm()).contains("2H");
        assertThat(differing(second)).isEmpty();
    }

    @Test
    void whatCodeDeclaresComesIntoForceOnceTheCodeOfAllDeclaresIt() {
        List<Process> all = started(2, STEADY);
        all.forEach(process -> process.register("coded", HOURLY));

        all.get(0).register("coded", TWO_HOURLY);
        assertThat(all.get(0).armed("coded").rules().schedule().rhythm())
                .as("in force still")
                .contains("1H");
        all.get(1).register("coded", TWO_HOURLY);

        assertThat(all)
                .allSatisfy(process -> await().atMost(Duration.ofSeconds(20))
                        .until(() -> process.armed("coded")
                                .rules()
                                .schedule()
                                .rhythm()
                                .contains("2H")));
        assertThat(audit(all.get(0)))
                .extracting(entry -> entry.action().lowerCaseName() + " " + entry.collection())
                .containsExactly("register coded", "register coded");
    }

    @Test
    void whatCodeDeclaresBeforeItsProcessHasStartedDisturbsNoOther() {
        Process running = started(1, STEADY).get(0);
        running.register("coded", HOURLY);
        Process starting = new Process(yaml(STEADY));
        processes.add(starting);

        starting.register("coded", TWO_HOURLY);
        assertThat(running.runs.record("coded").rhythm()).contains("1H");
        starting.start();
        assertThat(starting.dispatcher.armed).containsOnlyKeys("steady");
        running.end();

        await().atMost(Duration.ofSeconds(20)).until(() -> starting.dispatcher.armed.containsKey("coded"));
        assertThat(starting.runs.record("coded").rhythm()).contains("2H");
    }

    @Test
    void whatCodeHasRemovedIsNotPutInForceAgainByTheCodeOfOthers() {
        List<Process> all = started(2, STEADY);
        all.forEach(process -> process.register("coded", HOURLY));

        assertThat(all.get(0).collections.remove("coded", null)).isTrue();

        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(10))
                .until(() -> all.get(1).runs.record("coded").state() == CollectionState.RETIRED);
        all.get(0).register("coded", TWO_HOURLY);
        assertThat(all.get(0).runs.record("coded").rhythm()).contains("2H");
        assertThat(differing(all.get(0))).containsExactly("by code, changes coded");
    }

    @Test
    void whatCodeDeclaresIsDeclaredStillByWhoeverComesBackAfterItsLease() {
        List<Process> all = started(2, STEADY);
        Process back = all.get(0);
        Process other = all.get(1);
        back.register("coded", HOURLY);
        awayWhile(back, () -> other.register("coded", TWO_HOURLY));
        assertThat(other.runs.record("coded").rhythm()).contains("2H");

        await().atMost(Duration.ofSeconds(20)).until(() -> differing(back).equals(List.of("by code, changes coded")));
        other.end();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> back.runs.record("coded").rhythm().contains("1H"));
        await().until(() -> back.dispatcher.armed.containsKey("coded"));
        assertThat(differing(back)).isEmpty();
    }

    private static String inForce(Process process) {
        return Declarations.all(process.catalog.configured());
    }

    private static List<String> differing(Process process) {
        return process.cluster.instances.list().stream()
                .map(InstanceStatus::differs)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Believed to have ended, and told so only afterwards. */
    private void awayWhile(Process process, Runnable meanwhile) {
        Runnable back = process.cluster.loseLease();
        meanwhile.run();
        back.run();
    }

    private List<AuditEntry> audit(Process process) {
        return process.runs.history.audit(null, null, 100).rows();
    }

    private List<Process> started(int count, String... declared) {
        return startedYaml(count, yaml(declared));
    }

    private List<Process> startedYaml(int count, String yaml) {
        List<Process> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Process process = new Process(yaml);
            processes.add(process);
            process.start();
            started.add(process);
        }
        return started;
    }

    private static String yaml(String... declared) {
        return "  collections:\n    " + String.join("\n    ", declared) + "\n";
    }

    private Collected held(CollectionContext context) throws InterruptedException {
        assertThat(hold.await(30, TimeUnit.SECONDS)).isTrue();
        return Collected.of("test", Map.of("answer", context.attempt()));
    }

    /** One of the processes. */
    private final class Process {

        static final int PERMITS = 2;

        private final List<Collector> collectors = List.of(
                TestCollector.succeeding(),
                new TestCollector("other", true, context -> TestCollector.data()),
                new TestCollector("held", true, AccordTests.this::held));
        private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
        private final Store store = TestStores.shared(server, clock);
        private final ClusterProcess cluster = new ClusterProcess(server, store, clock, PERMITS);
        private final TestRuns runs = cluster.runs;
        private final WakingDispatcher dispatcher = new WakingDispatcher(runs);
        private final Catalog catalog =
                new Catalog(runs.registrations, runs.interventions, runs.pipeline, cluster.agreement(), clock);
        private final Redeclarer.Wanted first;
        private final Collections collections;
        private final Redeclarer redeclarer;
        private boolean ended;

        Process(String yaml) {
            Collections.Engine engine = new Collections.Engine(runs.interventions, runs.pipeline, dispatcher);
            first = wantedYaml(yaml);
            collections = new Collections(catalog, engine, first.forCode(), "a seed");
            redeclarer = new Redeclarer(collections, catalog, engine, runs.redeclarations, timer);
            cluster.agreement().whenItMayHaveChanged(redeclarer::lookForAgreement);
        }

        void register(String name, Rhythm rhythm) {
            collections.register(name, rhythm, context -> TestCollector.data());
        }

        Optional<Trouble> trouble(String name) {
            return new CollectionHealth(HealthPropertiesTests.bound(Map.of()))
                    .trouble(catalog.status(name).orElseThrow(), null);
        }

        boolean isInForce(String name) {
            return catalog.status(name).orElseThrow().inForce();
        }

        void start() {
            collections.start(first.configured());
        }

        Redeclarer.Wanted wanted(String... declared) {
            return wantedYaml(yaml(declared));
        }

        private Redeclarer.Wanted wantedYaml(String yaml) {
            return RedeclarerTests.wanted(yaml, collectors);
        }

        void redeclare(String... declared) {
            redeclareYaml(yaml(declared));
        }

        void redeclareYaml(String yaml) {
            Redeclarer.Wanted wanted = wantedYaml(yaml);
            assertThat(collections.alone(() -> redeclarer.redeclare(wanted, CAUSE)))
                    .isPresent();
        }

        /** Whether what it declares is in force, as far as it knows. */
        boolean agrees() {
            return collections.alone(() -> catalog.dissent() == null).orElseThrow();
        }

        List<Run> finished(String collection) {
            return TestRuns.newest(runs.history, collection, 100).stream()
                    .filter(Run::isFinished)
                    .toList();
        }

        long running() {
            return runs.history.active().stream()
                    .filter(run -> run.state() == RunState.RUNNING)
                    .count();
        }

        ScheduledCollection armed(String collection) {
            return Objects.requireNonNull(dispatcher.armed.get(collection));
        }

        void end() {
            if (!ended) {
                ended = true;
                timer.shutdownNow();
                collections.stop();
                cluster.close();
                store.close();
            }
        }
    }
}
