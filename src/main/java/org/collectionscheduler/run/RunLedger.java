package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.schedule.Schedule;
import org.collectionscheduler.schedule.SkipReason;
import org.collectionscheduler.schedule.SlotRange;
import org.collectionscheduler.store.Batch;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Every change of a run, each in one transaction and each conditional on the state that it starts from, so that two
 * processes, or a process and its own past, cannot both make it. A commit may have happened although it was reported as
 * failed, and is then tried again: a change that finds itself made is made.
 *
 * <p>A change whose condition holds is made of the run that it was given, so what it leaves behind is known without
 * reading it.
 */
final class RunLedger {

    private static final String NEVER_ATTEMPTED = "it was never attempted";
    private static final String NEVER_ENDED = "its process ended before it did";

    private final Store store;
    private final Clock clock;
    private final Instance instance;
    private final ClaimGate gate;
    private final RunClaims claims = new RunClaims();
    private final RunStarts starts = new RunStarts();
    private final RunEnds ends = new RunEnds();
    private final Batch<Look, Snapshot> looks = RunLedger::snapshots;

    RunLedger(Store store, Clock clock, Instance instance, ClaimGate gate) {
        this.store = store;
        this.clock = clock;
        this.instance = instance;
        this.gate = gate;
    }

    /**
     * What a decision about a collection needs to know of it.
     *
     * @param stuckElsewhere how many attempts of it were given up and still run, in other live instances
     */
    record Snapshot(CollectionRecord collection, List<Run> active, NavigableSet<Instant> claimed, int stuckElsewhere) {

        /** As {@link RunLedger#claim} leaves it. */
        Snapshot with(Run run) {
            List<Run> more = new ArrayList<>(active);
            more.add(run);
            NavigableSet<Instant> slots = claimed;
            if (run.scheduledAt() != null) {
                slots = new TreeSet<>(claimed);
                slots.add(run.scheduledAt());
            }
            return new Snapshot(collection.claimed(run), more, slots, stuckElsewhere);
        }
    }

    Snapshot snapshot(String name, Schedule schedule) {
        return store.read(looks, new Look(name, schedule, instance.id(), now()));
    }

    /** @param me this process' instance */
    private record Look(String name, Schedule schedule, String me, Instant now) {}

    private static List<Snapshot> snapshots(JdbcClient jdbc, NamedParameterJdbcOperations unused, List<Look> looks) {
        Set<String> names = looks.stream().map(Look::name).collect(Collectors.toSet());
        Map<String, SnapshotRepository.Found> found =
                SnapshotRepository.find(jdbc, names, looks.get(0).me());
        return looks.stream()
                .map(look -> snapshot(jdbc, look, found.get(look.name())))
                .toList();
    }

    private static Snapshot snapshot(JdbcClient jdbc, Look look, SnapshotRepository.@Nullable Found found) {
        if (found == null) {
            throw new IllegalStateException("collection '" + look.name() + "' is not registered");
        }
        return new Snapshot(
                found.collection(),
                found.active(),
                claimed(jdbc, found, look.schedule(), look.now()),
                found.stuckElsewhere());
    }

    /** The latest slot that has a run tells them all, unless the clock has gone back since it was claimed. */
    private static NavigableSet<Instant> claimed(
            JdbcClient jdbc, SnapshotRepository.Found found, Schedule schedule, Instant now) {
        Instant from = claimedFrom(found.collection(), schedule, now);
        if (found.claimedOnlyBefore(from)) {
            return Collections.emptyNavigableSet();
        }
        return from.equals(found.latestSlot())
                ? new TreeSet<>(List.of(from))
                : new TreeSet<>(
                        RunRepository.claimedSince(jdbc, found.collection().name(), from));
    }

    /** Which slots that have a run already matter to decisions at {@code now}: those from this one on. */
    static Instant claimedFrom(CollectionRecord record, Schedule schedule, Instant now) {
        Instant latest = schedule.latestUntil(now).orElse(now);
        return latest.isBefore(record.decidedUntil()) ? latest : record.decidedUntil();
    }

    /** As {@link #snapshot} of each of at most {@code Snapshots.BATCH} collections. */
    Snapshots snapshots(Collection<ScheduledCollection> collections) {
        Instant now = now();
        return store.read(jdbc -> Snapshots.read(jdbc, collections, instance.id(), now));
    }

    /** Those of the runs whose row is there and can be read, by id. */
    Map<String, Run> runs(Collection<String> ids) {
        return store.read(jdbc -> RunRepository.find(jdbc, ids)).stream()
                .collect(Collectors.toMap(Run::id, Function.identity()));
    }

    /**
     * Claims the slot of {@code start}. Empty when it has a run already, as many runs as may be are unfinished, or the
     * collection was paused or retired since that was decided, or another slot of it was decided: whoever was stopped in
     * between must not go by what has changed.
     *
     * @param decidedOn the last decided slot, as whoever decided saw it; null when there was none
     */
    Optional<Run> claim(ScheduledCollection collection, Decision.Start start, @Nullable Instant decidedOn) {
        gate.requireOpen();
        return claim(collection, waiting(collection, start), decidedOn);
    }

    /** As {@link #claim}, and begins the run's first attempt. */
    Optional<Run> claimBegun(ScheduledCollection collection, Decision.Start start, @Nullable Instant decidedOn) {
        gate.requireOpen();
        Run run = waiting(collection, start);
        return claim(collection, run.begun(run.createdAt(), instance.id()), decidedOn);
    }

    private Run waiting(ScheduledCollection collection, Decision.Start start) {
        return Run.waiting(
                newId(), collection.name(), start.kind(), start.slot(), start.missed(), instance.id(), now());
    }

    private Optional<Run> claim(ScheduledCollection collection, Run run, @Nullable Instant decidedOn) {
        return store.write(
                claims,
                new RunClaims.Claim(
                        run,
                        decidedOn,
                        collection.declaration(),
                        collection.rules().policy().maxOverlap()));
    }

    /**
     * Claims a run without a slot. Empty when as many runs as may be are unfinished, or the collection is retired.
     *
     * @param most how many may be unfinished, this one included
     */
    Optional<Run> claimDemand(ScheduledCollection collection, int most, Cause cause) {
        gate.requireOpen();
        Instant now = now();
        Run run = Run.waiting(newId(), collection.name(), RunKind.DEMAND, null, null, instance.id(), now);
        AuditEntry entry = AuditEntry.of(newId(), now, AuditEntry.Action.RUN, collection.name(), cause);
        return store.write(jdbc -> {
            if (!RunRepository.insert(jdbc, run, most)) {
                return RunRepository.find(jdbc, run.id());
            }
            if (!CollectionRepository.isHeldUnretired(jdbc, run.collection())) {
                RunRepository.delete(jdbc, run.id());
                return Optional.empty();
            }
            AuditRepository.insert(jdbc, entry);
            return Optional.of(run);
        });
    }

    /**
     * Records slots as passed over. Empty when the last of them has a run already, or another slot was decided since.
     *
     * @param decidedOn the last decided slot, as whoever decided saw it; null when there was none
     */
    Optional<Run> skip(String name, Decision.Skip skip, @Nullable Instant decidedOn) {
        gate.requireOpen();
        SlotRange slots = skip.slots();
        Run run = Run.skipped(newId(), name, slots, skip.reason(), now());
        return store.write(jdbc -> {
            if (!RunRepository.insertSkipped(jdbc, run)) {
                return RunRepository.find(jdbc, run.id());
            }
            if (!CollectionRepository.passedOver(jdbc, name, slots, decidedOn)) {
                RunRepository.delete(jdbc, run.id());
                return Optional.empty();
            }
            return Optional.of(run);
        });
    }

    /** False when the others believe the instance dead that has begun the run's attempt. */
    boolean isOfThisLife(Run run) {
        return instance.id().equals(run.instance());
    }

    /** Begins the run's next attempt. Empty when the run has moved on. */
    Optional<Run> startAttempt(Run run) {
        gate.requireOpen();
        return store.write(starts, new RunStarts.Start(run, instance.id(), now()));
    }

    /**
     * Ends the attempt {@code run.attempt()}, and with it the run unless {@code nextAttemptAt} is given.
     *
     * @return the run as it is now; empty when that attempt was no longer the run's, and its result is not stored
     */
    Optional<RunEnd> endAttempt(
            ScheduledCollection collection, Run run, AttemptEnd end, @Nullable Instant nextAttemptAt) {
        return nextAttemptAt == null
                ? store.write(ends, RunEnds.Ending.of(collection, run, end, now()))
                : retryAt(run, end, nextAttemptAt);
    }

    private Optional<RunEnd> retryAt(Run run, AttemptEnd end, Instant nextAttemptAt) {
        Instant now = now();
        return store.write(jdbc -> {
            if (!RunRepository.retryAt(jdbc, run, nextAttemptAt, end.error())) {
                return AttemptRepository.find(jdbc, run.id(), run.attempt())
                        .filter(attempt -> attempt.endedAs(end.outcome(), now))
                        .flatMap(ended -> RunRepository.find(jdbc, run.id()))
                        .map(RunEnd::of);
            }
            AttemptRepository.finish(jdbc, run, end, now);
            return Optional.of(RunEnd.of(run.retrying(nextAttemptAt, end.error())));
        });
    }

    /**
     * Ends a run that gets no further attempt, with the outcome of its newest one. Empty when it has moved on.
     *
     * @param collection null when it is no longer declared: its failures lead to nothing
     */
    Optional<RunEnd> giveUp(@Nullable ScheduledCollection collection, Run run) {
        Optional<Attempt> newest = store.read(jdbc -> AttemptRepository.find(jdbc, run.id(), run.attempt()));
        RunOutcome outcome = newest.map(Attempt::outcome).orElse(RunOutcome.ABANDONED);
        if (outcome == RunOutcome.SUCCEEDED) {
            return Optional.empty();
        }
        Duration duration = newest.map(Attempt::duration).orElse(Duration.ZERO);
        AttemptEnd end = AttemptEnd.ended(outcome, whyGivenUp(run), duration, false);
        return store.write(ends, RunEnds.Ending.of(collection, run, end, now()));
    }

    /** Ends a run that was never attempted and may not start any more. Empty when it has moved on. */
    Optional<Run> skipUnstarted(Run run, SkipReason reason) {
        Instant now = now();
        return store.write(jdbc -> {
            if (RunRepository.skip(jdbc, run, reason, now)) {
                CollectionRepository.dropped(jdbc, run.collection(), run.slots());
                return RunRepository.find(jdbc, run.id());
            }
            return RunRepository.find(jdbc, run.id()).filter(found -> now.equals(found.finishedAt()));
        });
    }

    private static String whyGivenUp(Run run) {
        if (run.error() != null) {
            return run.error();
        }
        return run.attempt() == 0 ? NEVER_ATTEMPTED : NEVER_ENDED;
    }

    /** Tells the other instances that the run's attempt was given up and still runs. */
    void rememberStuck(Run run) {
        store.write(jdbc -> {
            StuckRepository.insert(jdbc, run, instance.id());
            return null;
        });
    }

    /** It runs no more. */
    void forgetStuck(Run run) {
        store.write(jdbc -> {
            StuckRepository.delete(jdbc, run);
            return null;
        });
    }

    /** Attempts that were given up and still run, in other live instances. */
    List<StuckAttempt> stuckElsewhere() {
        return store.read(jdbc -> StuckRepository.findElsewhere(jdbc, instance.id()));
    }

    void quarantine(String name) {
        store.write(jdbc -> {
            CollectionRepository.quarantine(jdbc, name);
            return null;
        });
    }

    /** @throws ClaimsHeldException while nothing may be claimed by this process, nor given up */
    void requireClaims() {
        gate.requireOpen();
    }

    /** Whether this process may claim runs. */
    boolean mayClaim() {
        return gate.isOpen();
    }

    /** @throws StoreUnavailableException while nothing can be written, or claimed by this process */
    void requireWritable() {
        gate.requireOpen();
        store.requireWritable();
    }

    /** Name of the collector that the collection had when it was last declared. */
    String collectorOf(String name) {
        return store.read(jdbc -> CollectionRepository.collectorOf(jdbc, name)).orElse(name);
    }

    /** Unfinished runs of the collection. */
    List<Run> active(String name) {
        return store.read(jdbc -> RunRepository.findActive(jdbc, name));
    }

    /** Unfinished runs of all collections that are declared no more, as far as they can be read. */
    List<Run> activeOfRetired() {
        return store.read(RunRepository::findActiveOfRetired);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
