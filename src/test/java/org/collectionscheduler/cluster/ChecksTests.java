package org.collectionscheduler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each fault of a deployment, planted in what a flawless one left behind, is found, and called by its name. */
class ChecksTests {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final String ONE = "11@host-a";
    private static final String OTHER = "22@host-b";

    private final List<PlannedCollection> planned = List.of(
            new PlannedCollection("steady", Behaviour.QUICK, Duration.ofSeconds(10), true, 1, Map.of()),
            new PlannedCollection("once", Behaviour.ONCE, Duration.ofSeconds(10), false, 1, Map.of()));
    private final List<Stored.Run> runs = new ArrayList<>();
    private final List<Stored.Attempt> attempts = new ArrayList<>();
    private final List<Stored.Payload> payloads = new ArrayList<>();
    private final List<Activity> activities = new ArrayList<>();
    private final Map<String, @Nullable Instant> ends = new TreeMap<>();
    private final List<Span> skewed = new ArrayList<>();
    private final Map<Long, Instant> drained = new TreeMap<>();
    private final Map<String, Long> miscounted = new TreeMap<>();
    private Set<String> intervened = Set.of();

    ChecksTests() {
        ends.put(ONE, null);
        ends.put(OTHER, null);
        for (int second = 10; second <= 40; second += 10) {
            succeed("steady", "s" + second, at(second));
            succeed("once", "o" + second, at(second));
        }
    }

    private static Instant at(double second) {
        return START.plusMillis(Math.round(second * 1000));
    }

    private void succeed(String collection, String id, Instant slot) {
        runs.add(run(collection, id, slot, null, null, "SUCCEEDED", 1));
        attempts.add(new Stored.Attempt(id, 1, ONE, slot, slot.plusSeconds(1), "SUCCEEDED"));
        payloads.add(new Stored.Payload("p-" + id, id, id, 1));
        activities.add(activity(collection, id, 1, ONE, slot, slot.plusSeconds(1)));
    }

    private static Stored.Run run(
            String collection,
            String id,
            Instant slot,
            @Nullable Instant missedFrom,
            @Nullable Long missedCount,
            @Nullable String outcome,
            int attempt) {
        return new Stored.Run(
                id,
                collection,
                missedFrom == null ? "SCHEDULE" : "CATCH_UP",
                slot,
                missedFrom,
                missedCount,
                outcome == null ? "RUNNING" : "FINISHED",
                outcome,
                attempt,
                slot,
                "SUCCEEDED".equals(outcome) ? "p-" + id : null);
    }

    private static Activity activity(
            String collection, String run, int attempt, String instance, Instant begin, @Nullable Instant end) {
        return new Activity(collection, run, attempt, instance, begin, end, end != null);
    }

    private void remove(String run) {
        runs.removeIf(found -> found.id().equals(run));
        attempts.removeIf(found -> found.runId().equals(run));
        payloads.removeIf(found -> found.runId().equals(run));
        activities.removeIf(found -> found.runId().equals(run));
    }

    private List<String> faults() {
        Stored stored = new Stored(
                planned.stream()
                        .map(collection -> new Stored.Collection(
                                collection.name(),
                                "interval PT10S offset PT0S",
                                START,
                                START,
                                counted(collection.name())))
                        .toList(),
                runs,
                attempts,
                payloads,
                ends.entrySet().stream()
                        .map(entry -> new Stored.Instance(entry.getKey(), entry.getValue()))
                        .toList(),
                intervened);
        return new Checks(new Evidence(planned, stored, activities, at(45), skewed, Map.of(), drained)).faults();
    }

    private Map<String, Long> counted(String collection) {
        Map<String, Long> counted = new TreeMap<>();
        Stored.OUTCOMES.forEach(outcome -> counted.put(outcome, 0L));
        counted.put("SKIPPED", 0L);
        runs.stream()
                .filter(run -> run.collection().equals(collection) && run.outcome() != null)
                .forEach(run -> counted.merge(
                        String.valueOf(run.outcome()),
                        "SKIPPED".equals(run.outcome()) && run.missedCount() != null ? run.missedCount() : 1L,
                        Long::sum));
        counted.putAll(miscounted);
        return counted;
    }

    private void assertFound(String... kinds) {
        assertThat(faults().stream()
                        .map(fault -> fault.substring(0, fault.indexOf(':')))
                        .collect(Collectors.toSet()))
                .as(() -> String.join("\n", faults()))
                .containsExactlyInAnyOrder(kinds);
    }

    @Test
    void aFlawlessDeploymentHasNoFaults() {
        assertFound();
    }

    @Test
    void aSlotWithoutARunIsFound() {
        remove("s20");
        assertFound("slot without a run");
    }

    @Test
    void aSlotWithoutARunIsExcusedWhereTheScheduleWasHeld() {
        remove("s20");
        intervened = Set.of("steady");
        assertFound();
    }

    @Test
    void missedSlotsAreDecidedByTheRunThatStandsForThem() {
        remove("s20");
        remove("s30");
        runs.add(2, run("steady", "late", at(30), at(20), 2L, "SKIPPED", 0));
        assertFound();
    }

    @Test
    void slotsCaughtUpTwiceAreFound() {
        remove("s30");
        runs.add(run("steady", "late", at(30), at(20), 2L, "SKIPPED", 0));
        assertFound("slot decided twice");
    }

    @Test
    void aSlotClaimedTwiceIsFound() {
        succeed("steady", "again", at(30));
        // Both of them run at once.
        assertFound("slot decided twice");
        activities.set(activities.size() - 1, activity("steady", "again", 1, OTHER, at(30.5), at(31.5)));
        attempts.set(attempts.size() - 1, new Stored.Attempt("again", 1, OTHER, at(30), at(31.5), "SUCCEEDED"));
        assertFound("slot decided twice", "collection overlaps itself");
    }

    @Test
    void aSlotIsServedAgainWhereAClockWasWrong() {
        succeed("steady", "again", at(30));
        skewed.add(new Span(at(20), at(25)));
        assertFound();
    }

    @Test
    void aRangeCountedWronglyAndASlotOfNoScheduleAreFound() {
        remove("s20");
        remove("s30");
        runs.add(2, run("steady", "late", at(30), at(20), 3L, "SKIPPED", 0));
        runs.add(run("steady", "odd", at(40.5), null, null, "SKIPPED", 0));
        assertFound("missed slots counted wrongly", "no slot of its schedule");
    }

    @Test
    void anOldSlotClaimedLateIsFound() {
        Stored.Run old = run("steady", "s10", at(10), null, null, "SUCCEEDED", 1);
        runs.removeIf(run -> run.id().equals("s10"));
        runs.add(new Stored.Run(
                old.id(),
                old.collection(),
                old.kind(),
                old.scheduledAt(),
                null,
                null,
                old.state(),
                old.outcome(),
                1,
                at(25),
                old.payloadId()));
        assertFound("slots claimed out of order");
    }

    @Test
    void aRunWithoutAnEndIsFound() {
        runs.set(0, run("steady", "s10", at(10), null, null, null, 1));
        payloads.removeIf(payload -> payload.runId().equals("s10"));
        assertFound("run without an end", "attempt succeeded without its run");
    }

    @Test
    void twoResultsOfARunAreFound() {
        payloads.add(new Stored.Payload("second", "s10", "s10", 1));
        assertFound("two results of a run");
    }

    @Test
    void theResultOfAnOlderAttemptIsFound() {
        // The first was given up when its lease was lost, and its result was stored all the same.
        runs.set(0, run("steady", "s10", at(10), null, null, "SUCCEEDED", 2));
        attempts.add(new Stored.Attempt("s10", 2, OTHER, at(12), at(13), "SUCCEEDED"));
        activities.add(activity("steady", "s10", 2, OTHER, at(12), at(13)));
        attempts.set(0, new Stored.Attempt("s10", 1, ONE, at(10), at(12), "ABANDONED"));
        assertFound("result of another attempt");
    }

    @Test
    void aPayloadOfAFailureAndASuccessWithoutOneAreFound() {
        payloads.removeIf(payload -> payload.runId().equals("s10"));
        assertFound("success without its payload");
        payloads.add(new Stored.Payload("p-s10", "s10", "s10", 1));
        runs.set(0, run("steady", "s10", at(10), null, null, "FAILED", 1));
        assertFound("payload of a run that did not succeed", "attempt succeeded without its run");
    }

    @Test
    void aSuccessThatNoCollectorKnowsOfIsFound() {
        activities.set(0, new Activity("steady", "s10", 1, ONE, at(10), at(11), false));
        assertFound("success that no collector knows of");
    }

    @Test
    void anAttemptWithoutAClaimIsFound() {
        activities.add(activity("steady", "ghost", 1, ONE, at(15), at(16)));
        assertFound("attempt made without a stored claim");
    }

    @Test
    void anAttemptMadeTwiceIsFound() {
        activities.add(activity("steady", "s10", 1, ONE, at(15), at(16)));
        assertFound("attempt made twice");
    }

    @Test
    void attemptsThatOverlapAreFoundUnlessTheLeaseWasLost() {
        runs.set(0, run("steady", "s10", at(10), null, null, "SUCCEEDED", 2));
        attempts.set(0, new Stored.Attempt("s10", 1, OTHER, at(10), at(12), "ABANDONED"));
        attempts.add(new Stored.Attempt("s10", 2, ONE, at(12), at(13), "SUCCEEDED"));
        activities.set(0, activity("steady", "s10", 1, OTHER, at(10), at(14)));
        activities.add(activity("steady", "s10", 2, ONE, at(12), at(13)));
        payloads.set(0, new Stored.Payload("p-s10", "s10", "s10", 2));
        assertFound("attempts of a run overlap");
        ends.put(OTHER, at(11.9));
        assertFound();
        ends.put(OTHER, at(12.1));
        assertFound("attempts of a run overlap");
    }

    @Test
    void whatMustNotBeRepeatedIsFoundWhenItIs() {
        runs.replaceAll(run -> run.id().equals("o10") ? run("once", "o10", at(10), null, null, "SUCCEEDED", 2) : run);
        attempts.replaceAll(attempt -> attempt.runId().equals("o10")
                ? new Stored.Attempt("o10", 1, ONE, at(10), at(12), "ABANDONED")
                : attempt);
        attempts.add(new Stored.Attempt("o10", 2, ONE, at(12), at(13), "SUCCEEDED"));
        activities.add(activity("once", "o10", 2, ONE, at(12), at(13)));
        payloads.replaceAll(
                payload -> payload.runId().equals("o10") ? new Stored.Payload("p-o10", "o10", "o10", 2) : payload);
        assertFound("repeated although it must not be");
    }

    @Test
    void whatIsCountedTwiceIsFound() {
        miscounted.put("FAILED", 1L);
        assertFound("counted wrongly");
    }

    @Test
    void whatAnInstanceStoresAfterItsEndIsFound() {
        ends.put(ONE, at(25));
        // Until then it may not know.
        assertFound("stored after the end of its instance");
        ends.put(ONE, at(39));
        assertFound();
    }

    @Test
    void whatBeginsWhereItIsDrainedIsFound() {
        drained.put(22L, at(1));
        drained.put(11L, at(31));
        assertFound();
        drained.put(11L, at(29));
        assertFound("begun where it was drained");
    }
}
