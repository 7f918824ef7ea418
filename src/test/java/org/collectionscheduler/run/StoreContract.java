package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.Batch;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for runs. A database's test only opens it. */
abstract class StoreContract {

    private static final String NAME = "metadata";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant SLOT = MutableClock.START;
    private static final int THREADS = 6;

    final MutableClock clock = new MutableClock();
    Store store;
    RunLedger ledger;
    RunLedger other;
    Registrations registrations;
    RunHistory history;

    abstract Store open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
        ledger = TestRuns.ledger(store, clock, "one");
        other = TestRuns.ledger(store, clock, "other");
        registrations = new Registrations(store, clock);
        history = new RunHistory(store);
        register(NAME, HOUR);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void migrationsThatWereAppliedAreNotAppliedAgain() {
        Run run = claim(SLOT);

        TestStores.migrated(store);

        assertThat(history.run(run.id())).contains(run);
    }

    @Test
    void aSlotIsClaimedOnceHoweverManyTry() throws Exception {
        List<Optional<Run>> claims =
                atOnce(n -> TestRuns.claim(TestRuns.ledger(store, clock, "i" + n), TestRuns.named(NAME), start(SLOT)));

        assertThat(claims.stream().flatMap(Optional::stream)).hasSize(1);
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
    }

    @Test
    void aRunIsClaimedInItsFirstAttempt() {
        Run run = TestRuns.claimBegun(ledger, TestRuns.named(NAME), start(SLOT)).orElseThrow();

        assertThat(run.state()).isEqualTo(RunState.RUNNING);
        assertThat(run.attempt()).isEqualTo(1);
        assertThat(run.startedAt()).isEqualTo(clock.instant());
        assertThat(history.run(run.id())).contains(run);
        assertThat(history.attempts(run.id())).singleElement().satisfies(attempt -> {
            assertThat(attempt.startedAt()).isEqualTo(clock.instant());
            assertThat(attempt.finishedAt()).isNull();
        });
        assertThat(record().lastDecidedSlot()).isEqualTo(SLOT);
        assertThat(record().lastStartedAt()).isEqualTo(clock.instant());
        assertThat(TestRuns.claimBegun(other, TestRuns.named(NAME), start(SLOT)))
                .isEmpty();
        assertThat(ledger.startAttempt(run)).as("it is in it").isEmpty();
    }

    /** Some for a slot that is taken, one for a paused collection: the others are not touched by that. */
    @Test
    void claimsThatMeetAreMadeEachAsItWouldBeAlone() throws Exception {
        for (int i = 0; i < 8; i++) {
            register("many-" + i, HOUR);
        }
        new Interventions(store, new RunEvents(new RecordedEvents(), Instance.named("one")), clock)
                .pause(TestRuns.named("many-7"), TestRuns.CAUSE);
        TestRuns.claim(ledger, TestRuns.named("many-6"), start(SLOT));

        List<Optional<Run>> claims =
                atOnce(n -> TestRuns.claimBegun(ledger, TestRuns.named("many-" + (n + 2)), start(SLOT)));

        assertThat(claims.stream().flatMap(Optional::stream).map(Run::collection))
                .containsExactlyInAnyOrder("many-2", "many-3", "many-4", "many-5");
        assertThat(claims.stream().flatMap(Optional::stream).map(Run::id))
                .allSatisfy(id -> assertThat(history.attempts(id)).hasSize(1));
        assertThat(TestRuns.newest(history, "many-7", 10)).isEmpty();
        assertThat(TestRuns.newest(history, "many-6", 10)).hasSize(1);
    }

    @Test
    void aSlotThatHasARunIsNotClaimedAgainWhenThatRunIsFinished() {
        succeed(claim(SLOT));

        assertThat(TestRuns.claim(ledger, TestRuns.named(NAME), start(SLOT))).isEmpty();
        assertThat(TestRuns.skip(ledger, NAME, new Decision.Skip(SlotRange.of(SLOT), SkipReason.OVERLAP)))
                .isEmpty();
        assertThat(record().counters().skipped()).isZero();
    }

    @Test
    void nothingIsClaimedOnceAPauseOrARetirementIsAcknowledged() {
        Interventions interventions =
                new Interventions(store, new RunEvents(new RecordedEvents(), Instance.named("one")), clock);
        interventions.pause(TestRuns.named(NAME), TestRuns.CAUSE);

        assertThat(TestRuns.claim(ledger, TestRuns.named(NAME), start(SLOT))).isEmpty();
        assertThat(TestRuns.claim(ledger, TestRuns.named(NAME), new Decision.Start(RunKind.START, null, null)))
                .isEmpty();
        assertThat(TestRuns.newest(history, NAME, 10)).isEmpty();
        assertThat(record().lastDecidedSlot()).isNull();

        interventions.resume(TestRuns.named(NAME), TestRuns.CAUSE);
        succeed(claim(SLOT));
        interventions.remove(NAME, TestRuns.CAUSE);
        assertThat(TestRuns.claim(ledger, TestRuns.named(NAME), start(SLOT.plus(HOUR))))
                .isEmpty();
        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
    }

    /** As by a process that was stopped between its decision and what it stores. */
    @Test
    void whatWasDecidedBeforeAnotherSlotWasIsNotStored() {
        register(NAME, HOUR);
        Instant seen = record().lastDecidedSlot();
        succeed(claim(SLOT.plus(HOUR)));

        assertThat(other.claim(TestRuns.named(NAME), start(SLOT), seen)).isEmpty();
        assertThat(other.claimBegun(TestRuns.named(NAME), start(SLOT), seen)).isEmpty();
        assertThat(other.skip(NAME, new Decision.Skip(SlotRange.of(SLOT), SkipReason.OVERLAP), seen))
                .isEmpty();

        assertThat(TestRuns.newest(history, NAME, 10)).hasSize(1);
        assertThat(record().lastDecidedSlot()).isEqualTo(SLOT.plus(HOUR));
        assertThat(record().counters().skipped()).isZero();
    }

    @Test
    void aCollectionHasOneUnfinishedRunAtMost() throws Exception {
        List<Optional<Run>> claims = atOnce(n -> n % 2 == 0
                ? ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE)
                : TestRuns.claim(other, TestRuns.named(NAME), start(SLOT.plus(HOUR.multipliedBy(n)))));

        assertThat(claims.stream().flatMap(Optional::stream)).hasSize(1);
        Run active = history.active().get(0);
        assertThat(ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE)).isEmpty();

        succeed(active);
        assertThat(ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE)).isPresent();
    }

    /** Claims before and after the clock's time, as they are left behind by a clock that is set back. */
    @Test
    void whatIsReadAtOnceIsWhatIsStoredAndWhatChangesReturnWasStored() {
        Schedule schedule = register("random", HOUR);
        Random random = new Random(7);
        for (int step = 0; step < 400; step++) {
            clock.advance(Duration.ofMinutes(random.nextInt(240) - 90));
            changeAtRandom(random)
                    .ifPresent(run -> assertThat(history.run(run.id())).contains(run));

            RunLedger.Snapshot snapshot = ledger.snapshot("random", schedule);

            CollectionRecord record = store.read(jdbc -> CollectionRepository.find(jdbc, "random"))
                    .orElseThrow();
            Instant from = RunLedger.claimedFrom(record, schedule, clock.instant());
            assertThat(snapshot.collection()).isEqualTo(record);
            assertThat(snapshot.active()).isEqualTo(ledger.active("random"));
            assertThat(snapshot.claimed())
                    .as("step %d", step)
                    .containsExactlyInAnyOrderElementsOf(
                            store.read(jdbc -> RunRepository.claimedSince(jdbc, "random", from)));
        }
    }

    /** What it has made of a run; empty when it was refused. */
    private Optional<Run> changeAtRandom(Random random) {
        ScheduledCollection collection = TestRuns.named("random");
        Instant slot = SLOT.plus(Duration.between(SLOT, clock.instant()).truncatedTo(ChronoUnit.HOURS))
                .plus(HOUR.multipliedBy(random.nextInt(4) - 2));
        List<Run> active = ledger.active("random");
        if (active.isEmpty() || random.nextInt(4) == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> TestRuns.skip(ledger, "random", new Decision.Skip(SlotRange.of(slot), SkipReason.MISSED));
                case 1 -> ledger.claimDemand(collection, 3, TestRuns.CAUSE);
                default -> TestRuns.claim(ledger, collection, start(slot));
            };
        }
        Run run = active.get(random.nextInt(active.size()));
        if (run.state() != RunState.RUNNING) {
            return switch (random.nextInt(6)) {
                case 0 -> ledger.giveUp(collection, run).map(RunEnd::run);
                case 1 -> run.attempt() > 0 ? Optional.empty() : ledger.skipUnstarted(run, SkipReason.START_DEADLINE);
                default -> ledger.startAttempt(run);
            };
        }
        Duration duration = Duration.ofNanos(random.nextInt(1_000_000_000));
        return switch (random.nextInt(4)) {
            case 0 -> ledger.endAttempt(collection, run, abandoned(), null).map(RunEnd::run);
            case 1 -> {
                Instant next = clock.instant().plus(duration);
                yield ledger.endAttempt(collection, run, AttemptEnd.failed("no", duration, true), next)
                        .map(RunEnd::run);
            }
            case 2 ->
                ledger.endAttempt(collection, run, AttemptEnd.failed("no", duration, false), null)
                        .map(RunEnd::run);
            default ->
                ledger.endAttempt(collection, run, AttemptEnd.succeeded("{}", "a part", duration), null)
                        .map(RunEnd::run);
        };
    }

    @Test
    void collectionsDoNotHinderEachOther() {
        register("inventory", HOUR);

        claim(SLOT);

        assertThat(TestRuns.claim(ledger, TestRuns.named("inventory"), start(SLOT)))
                .isPresent();
    }

    @Test
    void aDemandDoesNotMoveTheRhythm() {
        claim(SLOT);
        succeed(history.active().get(0));
        clock.advance(Duration.ofMinutes(70));

        Run demand = ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE).orElseThrow();
        succeed(demand);

        assertThat(demand.kind()).isEqualTo(RunKind.DEMAND);
        assertThat(demand.scheduledAt()).isNull();
        assertThat(record().lastDecidedSlot()).isEqualTo(SLOT);
    }

    @Test
    void anAttemptIsStartedOnceHoweverManyTry() throws Exception {
        Run run = claim(SLOT);

        List<Optional<Run>> starts =
                atOnce(n -> TestRuns.ledger(store, clock, "i" + n).startAttempt(run));

        assertThat(starts.stream().flatMap(Optional::stream)).singleElement().satisfies(started -> {
            assertThat(started.attempt()).isEqualTo(1);
            assertThat(started.state()).isEqualTo(RunState.RUNNING);
            assertThat(started.startedAt()).isEqualTo(clock.instant());
        });
        assertThat(history.attempts(run.id())).hasSize(1);
    }

    @Test
    void aSuccessIsStoredWithItsPayloadAndCountedOnce() {
        Run run = ledger.startAttempt(claim(SLOT)).orElseThrow();
        clock.advance(Duration.ofSeconds(3));
        AttemptEnd end = AttemptEnd.succeeded("{\"n\":\"ü\"}", "a: forbidden", Duration.ofMillis(2500));

        Run ended = ledger.endAttempt(TestRuns.named(run.collection()), run, end, null)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(ended.outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(ended.completeness()).isEqualTo(Completeness.PARTIAL);
        assertThat(ended.reason()).isEqualTo("a: forbidden");
        assertThat(ended.finishedAt()).isEqualTo(clock.instant());
        assertThat(ended.duration()).isEqualTo(Duration.ofMillis(2500));
        Payload payload = history.payload(String.valueOf(ended.payloadId())).orElseThrow();
        assertThat(payload).isEqualTo(new Payload(payload.id(), NAME, run.id(), clock.instant(), 10, "{\"n\":\"ü\"}"));
        assertThat(history.attempts(run.id()))
                .containsExactly(new Attempt(1, "one", SLOT, clock.instant(), RunOutcome.SUCCEEDED, null));
        assertThat(record().lastSuccessAt()).isEqualTo(clock.instant());
        assertThat(record().lastSuccessPayload()).isEqualTo(payload.id());
        assertThat(record().counters())
                .isEqualTo(new CollectionRecord.Counters(1, 1, 1, 0, 0, 0, 0, 0, 0, Duration.ofMillis(2500)));
    }

    @Test
    void theResultOfAStaleAttemptIsNotStored() {
        Run first = ledger.startAttempt(claim(SLOT)).orElseThrow();
        Run retrying = other.endAttempt(TestRuns.named(first.collection()), first, abandoned(), clock.instant())
                .map(RunEnd::run)
                .orElseThrow();
        Run second = other.startAttempt(retrying).orElseThrow();

        assertThat(ledger.endAttempt(TestRuns.named(first.collection()), first, success("stale"), null))
                .isEmpty();
        assertThat(TestRuns.newestPayloads(history, NAME, 10)).isEmpty();
        assertThat(other.endAttempt(TestRuns.named(second.collection()), second, success("fresh"), null))
                .isPresent();
        assertThat(ledger.endAttempt(TestRuns.named(first.collection()), first, success("stale"), null))
                .isEmpty();

        assertThat(TestRuns.newestPayloads(history, NAME, 10))
                .extracting(Payload::content)
                .containsExactly("fresh");
        assertThat(record().counters().runs()).isEqualTo(1);
        assertThat(history.attempts(first.id()))
                .extracting(Attempt::outcome)
                .containsExactly(RunOutcome.ABANDONED, RunOutcome.SUCCEEDED);
    }

    @Test
    void anAbandonedAttemptDoesNotSucceedAnyMoreEvenBeforeTheNextOne() {
        Run first = ledger.startAttempt(claim(SLOT)).orElseThrow();
        assertThat(other.endAttempt(
                        TestRuns.named(first.collection()),
                        first,
                        abandoned(),
                        clock.instant().plusSeconds(60)))
                .isPresent();

        assertThat(ledger.endAttempt(TestRuns.named(first.collection()), first, success("stale"), null))
                .isEmpty();

        assertThat(history.active()).extracting(Run::state).containsExactly(RunState.RETRYING);
    }

    @Test
    void anEndIsStoredOnceHoweverManyTry() throws Exception {
        Run run = ledger.startAttempt(claim(SLOT)).orElseThrow();

        atOnce(n -> ledger.endAttempt(TestRuns.named(run.collection()), run, success("payload " + n), null));

        assertThat(TestRuns.newestPayloads(history, NAME, 10)).hasSize(1);
        assertThat(record().counters().runs()).isEqualTo(1);
        assertThat(record().counters().succeeded()).isEqualTo(1);
    }

    /** Some without a payload, and with an error; two change the same row; and three are no power of two. */
    @Test
    void endsThatMeetAreMadeEachAsItWouldBeAlone() {
        register("inventory", HOUR);
        register("nodes", HOUR);
        ScheduledCollection nodes = TestRuns.named("nodes");
        ScheduledCollection collection = TestRuns.named(NAME);
        ScheduledCollection inventory = TestRuns.named("inventory");
        Run slot = ledger.startAttempt(claim(SLOT)).orElseThrow();
        Run demand = ledger.claimDemand(collection, 2, TestRuns.CAUSE)
                .flatMap(ledger::startAttempt)
                .orElseThrow();
        Run beside = TestRuns.claimBegun(ledger, inventory, start(SLOT)).orElseThrow();
        Run last = TestRuns.claimBegun(ledger, nodes, start(SLOT)).orElseThrow();
        AttemptEnd failure = AttemptEnd.failed("no answer", Duration.ofMillis(50), true);
        AttemptEnd success = AttemptEnd.succeeded("{}", null, Duration.ofMillis(100));

        List<Optional<RunEnd>> ended = together(
                new RunEnds(),
                RunEnds.Ending.of(collection, slot, failure, clock.instant()),
                RunEnds.Ending.of(inventory, beside, failure, clock.instant()),
                RunEnds.Ending.of(nodes, last, success, clock.instant()),
                RunEnds.Ending.of(collection, demand, success, clock.instant()));

        assertThat(ended.stream().flatMap(Optional::stream).map(end -> end.run().id()))
                .containsExactly(slot.id(), beside.id(), last.id(), demand.id());
        assertThat(history.collections())
                .filteredOn(each -> each.name().equals("nodes"))
                .extracting(each -> each.counters().runs())
                .containsExactly(1L);
        assertThat(record().counters())
                .isEqualTo(new CollectionRecord.Counters(2, 1, 0, 1, 0, 0, 0, 0, 0, Duration.ofMillis(150)));
        assertThat(record().lastRunId()).isEqualTo(demand.id());
        assertThat(record().lastSuccessAt()).isEqualTo(clock.instant());
        assertThat(history.newestPayloadIds(NAME, 10)).hasSize(1);
        assertThat(history.newestPayloadIds("inventory", 10)).isEmpty();
        assertThat(history.run(beside.id()).orElseThrow().error()).isEqualTo("no answer");
    }

    /** Both were decided on the same state of it; a free lane for the second one does not help it. */
    @Test
    void ofTwoClaimsOfOneCollectionThatMeetOneIsMade() {
        Run one = Run.waiting("one", NAME, RunKind.SCHEDULE, SLOT, null, "here", clock.instant());
        Run two = Run.waiting("two", NAME, RunKind.SCHEDULE, SLOT.plus(HOUR), null, "here", clock.instant());

        List<Optional<Run>> made = together(
                new RunClaims(), new RunClaims.Claim(one, null, "test", 2), new RunClaims.Claim(two, null, "test", 2));

        assertThat(made).containsExactly(Optional.of(one), Optional.empty());
        assertThat(TestRuns.newest(history, NAME, 10)).containsExactly(one);
        assertThat(record().lastDecidedSlot()).isEqualTo(SLOT);
    }

    /** Three, for what is looked at together is filled up to four. */
    @Test
    void unfinishedRunsOfCollectionsThatAreLookedAtTogetherAreThereOnce() {
        List<String> names = List.of(NAME, "inventory", "nodes");
        names.forEach(name -> register(name, HOUR));
        List<Run> runs = names.stream()
                .map(name -> TestRuns.claim(ledger, TestRuns.named(name), start(SLOT))
                        .orElseThrow())
                .toList();

        Map<String, SnapshotRepository.Found> found =
                store.read(jdbc -> SnapshotRepository.find(jdbc, names, "another"));

        assertThat(runs).allSatisfy(run -> {
            SnapshotRepository.Found one = Objects.requireNonNull(found.get(run.collection()));
            assertThat(one.active()).containsExactly(run);
            assertThat(one.latestSlot()).isEqualTo(SLOT);
        });
    }

    @SafeVarargs
    private <C, R> List<R> together(Batch<C, R> batch, C... commands) {
        return store.write((jdbc, batches, each) -> List.of(batch.make(jdbc, batches, each.get(0))), List.of(commands));
    }

    @Test
    void outcomeAndPayloadAreOneTransaction() {
        Run run = ledger.startAttempt(claim(SLOT)).orElseThrow();
        store.write(
                jdbc -> jdbc.sql("ALTER TABLE payload RENAME TO payload_gone").update());

        assertThatThrownBy(() -> ledger.endAttempt(TestRuns.named(run.collection()), run, success("lost"), null))
                .isInstanceOf(RuntimeException.class);

        assertThat(history.run(run.id())).contains(run);
        assertThat(record().counters().runs()).isZero();
        assertThat(record().lastSuccessAt()).isNull();
        store.write(
                jdbc -> jdbc.sql("ALTER TABLE payload_gone RENAME TO payload").update());
        assertThat(ledger.endAttempt(TestRuns.named(run.collection()), run, success("kept"), null))
                .isPresent();
    }

    @Test
    void aFailedAttemptIsFollowedByAnotherOfTheSameRun() {
        Run first = ledger.startAttempt(claim(SLOT)).orElseThrow();
        Instant next = clock.instant().plusSeconds(10);

        Run retrying = ledger.endAttempt(TestRuns.named(first.collection()), first, failure("refused"), next)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(retrying.state()).isEqualTo(RunState.RETRYING);
        assertThat(retrying.nextAttemptAt()).isEqualTo(next);
        assertThat(retrying.error()).isEqualTo("refused");
        assertThat(record().counters().runs()).isZero();
        clock.advance(Duration.ofSeconds(10));
        Run second = ledger.startAttempt(retrying).orElseThrow();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.startedAt()).isEqualTo(SLOT);
        assertThat(second.nextAttemptAt()).isNull();
        Run failed = ledger.endAttempt(TestRuns.named(second.collection()), second, failure("again"), null)
                .map(RunEnd::run)
                .orElseThrow();
        assertThat(failed.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(failed.error()).isEqualTo("again");
        assertThat(record().counters())
                .isEqualTo(new CollectionRecord.Counters(1, 0, 0, 1, 0, 0, 0, 0, 1, Duration.ofSeconds(1)));
    }

    @Test
    void failuresInARowAreCountedUntilASuccess() {
        for (int i = 0; i < 3; i++) {
            Run run =
                    ledger.startAttempt(claim(SLOT.plus(HOUR.multipliedBy(i)))).orElseThrow();
            AttemptEnd end =
                    i == 1 ? AttemptEnd.ended(RunOutcome.TIMED_OUT, "slow", Duration.ZERO, false) : failure("no");
            ledger.endAttempt(TestRuns.named(run.collection()), run, end, null);
        }
        assertThat(record().counters().consecutiveFailures()).isEqualTo(3);
        assertThat(record().counters().timedOut()).isEqualTo(1);

        succeed(claim(SLOT.plus(HOUR.multipliedBy(3))));

        assertThat(record().counters().consecutiveFailures()).isZero();
        assertThat(record().counters().runs()).isEqualTo(4);
    }

    @Test
    void aRunThatIsGivenUpEndsAsItsNewestAttemptDid() {
        Run first = ledger.startAttempt(claim(SLOT)).orElseThrow();
        clock.advance(Duration.ofSeconds(4));
        Run retrying = ledger.endAttempt(
                        TestRuns.named(first.collection()),
                        first,
                        failure("refused"),
                        clock.instant().plusSeconds(60))
                .map(RunEnd::run)
                .orElseThrow();
        clock.advance(Duration.ofMinutes(1));

        Run ended = ledger.giveUp(TestRuns.named(retrying.collection()), retrying)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(ended.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(ended.error()).isEqualTo("refused");
        assertThat(ended.duration()).isEqualTo(Duration.ofSeconds(4));
        assertThat(record().counters().failed()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(ledger.giveUp(TestRuns.named(retrying.collection()), retrying))
                .as("a second time")
                .isEmpty();
        assertThat(record().counters().runs()).isEqualTo(1);
    }

    @Test
    void aRunThatIsGivenUpBeforeAnyAttemptEndedIsAbandoned() {
        Run waiting = claim(SLOT);
        Run neverBegun = ledger.giveUp(TestRuns.named(waiting.collection()), waiting)
                .map(RunEnd::run)
                .orElseThrow();
        Run running = ledger.startAttempt(claim(SLOT.plus(HOUR))).orElseThrow();
        Run neverEnded = other.giveUp(TestRuns.named(running.collection()), running)
                .map(RunEnd::run)
                .orElseThrow();

        assertThat(neverBegun.outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(neverBegun.error()).isEqualTo("it was never attempted");
        assertThat(neverEnded.outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(neverEnded.error()).isEqualTo("its process ended before it did");
        assertThat(history.attempts(running.id())).extracting(Attempt::outcome).containsExactly(RunOutcome.ABANDONED);
        assertThat(record().counters().abandoned()).isEqualTo(2);
    }

    @Test
    void aRunThatHasMovedOnIsNotGivenUp() {
        Run waiting = claim(SLOT);
        Run running = ledger.startAttempt(waiting).orElseThrow();

        assertThat(other.giveUp(TestRuns.named(waiting.collection()), waiting)).isEmpty();

        assertThat(history.run(running.id())).contains(running);
    }

    @Test
    void skippedSlotsAreOneRowAndCountedEach() {
        SlotRange slots = new SlotRange(SLOT, SLOT.plus(HOUR.multipliedBy(4)), 5);

        Run skipped = TestRuns.skip(ledger, NAME, new Decision.Skip(slots, SkipReason.MISSED))
                .orElseThrow();

        Run stored = history.run(skipped.id()).orElseThrow();
        assertThat(stored).isEqualTo(skipped);
        assertThat(stored.outcome()).isEqualTo(RunOutcome.SKIPPED);
        assertThat(stored.reason()).isEqualTo("missed");
        assertThat(stored.scheduledAt()).isEqualTo(slots.last());
        assertThat(stored.missedFrom()).isEqualTo(SLOT);
        assertThat(stored.missedCount()).isEqualTo(5);
        assertThat(record().lastDecidedSlot()).isEqualTo(slots.last());
        assertThat(record().counters())
                .isEqualTo(new CollectionRecord.Counters(0, 0, 0, 0, 0, 0, 0, 5, 0, Duration.ZERO));
        assertThat(TestRuns.skip(ledger, NAME, new Decision.Skip(slots, SkipReason.MISSED)))
                .isEmpty();
        assertThat(record().counters().skipped()).isEqualTo(5);
    }

    @Test
    void aSlotIsSkippedWhileARunIsUnfinished() {
        Run running = ledger.startAttempt(claim(SLOT)).orElseThrow();

        assertThat(TestRuns.skip(ledger, NAME, new Decision.Skip(SlotRange.of(SLOT.plus(HOUR)), SkipReason.OVERLAP)))
                .isPresent();

        assertThat(history.active()).containsExactly(running);
    }

    @Test
    void aCatchUpSaysWhichSlotsItMakesUpFor() {
        SlotRange missed = new SlotRange(SLOT, SLOT.plus(HOUR), 2);

        Run run = TestRuns.claim(
                        ledger, TestRuns.named(NAME), new Decision.Start(RunKind.CATCH_UP, missed.last(), missed))
                .orElseThrow();

        assertThat(history.run(run.id())).contains(run);
        assertThat(run.missedFrom()).isEqualTo(SLOT);
        assertThat(run.missedCount()).isEqualTo(2);
        assertThat(record().lastDecidedSlot()).isEqualTo(missed.last());
    }

    @Test
    void claimedSlotsAreFoundFromAnInstantOn() {
        for (int i = 0; i < 4; i++) {
            succeed(claim(SLOT.plus(HOUR.multipliedBy(i))));
        }
        succeed(ledger.claimDemand(TestRuns.named(NAME), 1, TestRuns.CAUSE).orElseThrow());
        register("inventory", HOUR);
        TestRuns.claim(ledger, TestRuns.named("inventory"), start(SLOT.plus(HOUR.multipliedBy(9))));

        List<Instant> claimed = store.read(jdbc -> RunRepository.claimedSince(jdbc, NAME, SLOT.plus(HOUR)));

        assertThat(claimed)
                .containsExactlyInAnyOrder(
                        SLOT.plus(HOUR), SLOT.plus(HOUR.multipliedBy(2)), SLOT.plus(HOUR.multipliedBy(3)));
    }

    @Test
    void theAnchorIsKept() {
        clock.advance(Duration.ofDays(3));

        Schedule schedule = register(NAME, HOUR);

        assertThat(record().anchor()).isEqualTo(SLOT);
        assertThat(schedule).isEqualTo(new Rhythm.Interval(HOUR).schedule(SLOT, Duration.ZERO));
        assertThat(record().settledUntil())
                .as("nothing is settled by a mere restart")
                .isBefore(SLOT);
    }

    @Test
    void aChangedRhythmSettlesWhatCameBefore() {
        clock.advance(Duration.ofMinutes(90));

        register(NAME, Duration.ofMinutes(20));

        assertThat(record().anchor()).isEqualTo(SLOT);
        assertThat(record().settledUntil()).isEqualTo(clock.instant());
        assertThat(record().rhythm()).contains("PT20M");
    }

    @Test
    void slotsThatPassWhileDisabledAreSettledWhenEnabled() {
        register(NAME, HOUR, CollectionState.DISABLED);
        Instant settled = record().settledUntil();
        clock.advance(Duration.ofHours(5));
        assertThat(record().state()).isEqualTo(CollectionState.DISABLED);
        assertThat(settled).isBefore(SLOT);

        register(NAME, HOUR);

        assertThat(record().state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(record().settledUntil()).isEqualTo(clock.instant());
    }

    @Test
    void aCollectionThatIsNoLongerDeclaredKeepsItsHistoryAndMayComeBack() {
        succeed(claim(SLOT));
        CollectionRecord before = record();
        register("inventory", HOUR);

        registrations.retireAllBut(Set.of("inventory"));

        assertThat(record().state()).isEqualTo(CollectionState.RETIRED);
        assertThat(record().counters()).isEqualTo(before.counters());
        assertThat(history.collections()).extracting(CollectionRecord::name).containsExactly("inventory", NAME);
        clock.advance(Duration.ofDays(2));
        register(NAME, HOUR);
        assertThat(record().anchor()).isEqualTo(SLOT);
        assertThat(record().settledUntil()).isEqualTo(clock.instant());
        assertThat(record().counters()).isEqualTo(before.counters());
    }

    @Test
    void historyIsNewestFirstAndLimited() {
        register("inventory", HOUR);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String name = i % 2 == 0 ? NAME : "inventory";
            Run run = TestRuns.claim(ledger, TestRuns.named(name), start(SLOT.plus(HOUR.multipliedBy(i))))
                    .orElseThrow();
            ids.add(0, succeed(run).id());
            clock.advance(Duration.ofSeconds(1));
        }

        assertThat(TestRuns.newest(history, null, 3)).extracting(Run::id).isEqualTo(ids.subList(0, 3));
        assertThat(TestRuns.newest(history, NAME, 10))
                .extracting(Run::id)
                .containsExactly(ids.get(0), ids.get(2), ids.get(4));
        assertThat(TestRuns.newestPayloads(history, null, 2))
                .extracting(Payload::runId)
                .isEqualTo(ids.subList(0, 2));
        assertThat(TestRuns.newestPayloads(history, "inventory", 1))
                .extracting(Payload::runId)
                .containsExactly(ids.get(1));
        assertThat(history.run("unheard-of")).isEmpty();
        assertThat(history.payload("unheard-of")).isEmpty();
        assertThat(history.attempts("unheard-of")).isEmpty();
    }

    @Test
    void whateverACollectorSaysInAnErrorCanBeStored() throws Exception {
        Run run = ledger.startAttempt(claim(SLOT)).orElseThrow();
        String hostile = "zero \0 half \uD83D " + "x".repeat(985) + "\uD83D\uDE00";
        AttemptExecution execution = new AttemptExecution(
                run,
                TestCollector.of(context -> {
                    throw new IllegalStateException(hostile);
                }),
                Parameters.NONE,
                Duration.ofMinutes(1),
                TestRuns.environment(clock, new MutableTicker(), () -> {}));

        AttemptEnd end = execution.run(Duration.ofSeconds(2), ignored -> {}).orElseThrow();

        Run stored = ledger.endAttempt(TestRuns.named(run.collection()), run, end, null)
                .map(RunEnd::run)
                .orElseThrow();
        assertThat(stored.error()).startsWith("IllegalStateException: zero \uFFFD half \uFFFD x");
        assertThat(String.valueOf(stored.error()).getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(1100);
        assertThat(stored.error()).isEqualTo(end.error());
    }

    @Test
    void manyCollectionsAreRegisteredAtOnceEachAsItWouldBeAlone() {
        Instant first = clock.instant();
        Schedule known = register("collection-0700", HOUR);
        clock.advance(Duration.ofMinutes(1));
        List<Registration> declared = IntStream.range(0, 1_201)
                .mapToObj(i -> declared(
                        "collection-%04d".formatted(i),
                        i == 5 ? CollectionState.DISABLED : CollectionState.ACTIVE,
                        HOUR))
                .toList();

        Map<String, Schedule> inForce = registrations.register(declared).schedules();

        assertThat(inForce).hasSize(1_201);
        assertThat(inForce.get("collection-0700")).isEqualTo(known);
        assertThat(inForce.get("collection-1200"))
                .isEqualTo(new Rhythm.Interval(HOUR).schedule(clock.instant(), Duration.ZERO));
        assertThat(many()).hasSize(1_201).allSatisfy(record -> {
            boolean old = record.name().equals("collection-0700");
            assertThat(record.anchor()).isEqualTo(old ? first : clock.instant());
            assertThat(record.state())
                    .isEqualTo(record.name().endsWith("0005") ? CollectionState.DISABLED : CollectionState.ACTIVE);
        });

        List<CollectionRecord> before = many();
        clock.advance(Duration.ofMinutes(1));
        registrations.register(declared);
        assertThat(many()).as("nothing has changed").isEqualTo(before);
        registrations.register(List.of(declared("collection-0001", CollectionState.ACTIVE, Duration.ofHours(2))));
        registrations.retireAllBut(Set.of("collection-0001", "collection-0002"));

        assertThat(registrations.register(List.of()).schedules()).isEmpty();
        assertThat(many()).allSatisfy(record -> {
            boolean changed = record.name().equals("collection-0001");
            boolean kept = changed || record.name().equals("collection-0002");
            assertThat(record.state()).isEqualTo(kept ? CollectionState.ACTIVE : CollectionState.RETIRED);
            assertThat(record.settledUntil().equals(clock.instant())).isEqualTo(changed);
        });
    }

    private List<CollectionRecord> many() {
        return history.collections().stream()
                .filter(record -> record.name().startsWith("collection-"))
                .toList();
    }

    private static Registration declared(String name, CollectionState state, Duration interval) {
        return new Registration(
                name,
                "probe",
                state,
                DeclaredBy.CONFIGURATION,
                anchor -> new Rhythm.Interval(interval).schedule(anchor, Duration.ZERO),
                "test");
    }

    private Schedule register(String name, Duration interval) {
        return register(name, interval, CollectionState.ACTIVE);
    }

    private Schedule register(String name, Duration interval, CollectionState state) {
        return TestRuns.register(
                registrations,
                name,
                "probe",
                state,
                anchor -> new Rhythm.Interval(interval).schedule(anchor, Duration.ZERO));
    }

    private CollectionRecord record() {
        return history.collections().stream()
                .filter(record -> record.name().equals(NAME))
                .findFirst()
                .orElseThrow();
    }

    private Run claim(Instant slot) {
        return TestRuns.claim(ledger, TestRuns.named(NAME), start(slot)).orElseThrow();
    }

    private Run succeed(Run waiting) {
        Run run = ledger.startAttempt(waiting).orElseThrow();
        return ledger.endAttempt(TestRuns.named(run.collection()), run, success("{}"), null)
                .map(RunEnd::run)
                .orElseThrow();
    }

    private static Decision.Start start(Instant slot) {
        return new Decision.Start(RunKind.SCHEDULE, slot, null);
    }

    private static AttemptEnd success(String content) {
        return AttemptEnd.succeeded(content, null, Duration.ofSeconds(1));
    }

    private static AttemptEnd failure(String error) {
        return AttemptEnd.failed(error, Duration.ofSeconds(1), true);
    }

    private static AttemptEnd abandoned() {
        return AttemptEnd.ended(RunOutcome.ABANDONED, "its process ended", Duration.ZERO, true);
    }

    /** What one of several threads does. */
    private interface Contender<T> {
        T compete(int number);
    }

    private static <T> List<T> atOnce(Contender<T> contender) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<T>> calls = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                calls.add(() -> {
                    barrier.await(10, TimeUnit.SECONDS);
                    return contender.compete(number);
                });
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                results.add(result.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
