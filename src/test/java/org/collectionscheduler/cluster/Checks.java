package org.collectionscheduler.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What must hold of what a play has left behind, whatever was done in it. */
final class Checks {

    /** A clock that is wrong claims slots before or after their time by so much, and a little later others see that. */
    private static final Duration SKEW_MARGIN = Duration.ofSeconds(12);

    /** An instance that is over may take so long to find out, once it can. */
    private static final Duration FINDS_OUT = Duration.ofSeconds(10);

    private static final int MOST_OF_A_KIND = 12;

    private final Evidence evidence;
    private final Stored stored;
    private final Map<String, PlannedCollection> planned;
    private final Map<String, Stored.Run> runs = new LinkedHashMap<>();
    private final Map<String, List<Stored.Run>> runsOf;
    private final Map<String, Stored.Attempt> attempts = new HashMap<>();
    private final Map<String, @Nullable Instant> ends = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private final Map<String, Integer> found = new HashMap<>();

    Checks(Evidence evidence) {
        this.evidence = evidence;
        this.stored = evidence.stored();
        this.planned =
                evidence.planned().stream().collect(Collectors.toMap(PlannedCollection::name, Function.identity()));
        stored.runs().forEach(run -> runs.put(run.id(), run));
        runsOf = stored.runs().stream().collect(Collectors.groupingBy(Stored.Run::collection));
        stored.attempts().forEach(attempt -> attempts.put(key(attempt.runId(), attempt.number()), attempt));
        stored.instances().forEach(instance -> ends.put(instance.id(), instance.endedAt()));
    }

    /** Everything that is wrong, in words; of each kind the first few. */
    List<String> faults() {
        everySlotIsDecided();
        noSlotIsDecidedTwice();
        rangesAreWhatTheScheduleNames();
        slotsAreClaimedInOrder();
        everyRunHasEnded();
        aSuccessHasOnePayload();
        payloadsNameTheAttemptThatCounts();
        attemptsAreNumbered();
        onlySuccessesAreCalledSo();
        nothingRunsUnclaimed();
        attemptsOfARunFollowEachOther();
        collectionsDoNotOverlapThemselves();
        whatMustNotBeRepeatedIsNot();
        countersAgree();
        nobodyStoresAfterItsEnd();
        nothingBeginsWhereItIsDrained();
        List<String> all = new ArrayList<>(faults);
        found.forEach((kind, count) -> {
            if (count > MOST_OF_A_KIND) {
                all.add(kind + ": " + (count - MOST_OF_A_KIND) + " more");
            }
        });
        return all;
    }

    /** What may only not be done yet. */
    List<String> pending() {
        everySlotIsDecided();
        everyRunHasEnded();
        return List.copyOf(faults);
    }

    private void fault(String kind, Object what) {
        if (found.merge(kind, 1, Integer::sum) <= MOST_OF_A_KIND) {
            faults.add(kind + ": " + what);
        }
    }

    private static String key(String runId, int attempt) {
        return runId + " " + attempt;
    }

    /** Those whose schedule was followed without a break. */
    private List<Stored.Collection> steady() {
        return stored.collections().stream()
                .filter(collection -> !stored.intervened().contains(collection.name()))
                .filter(collection -> !plan(collection.name()).isRested())
                .toList();
    }

    private PlannedCollection plan(String collection) {
        return Objects.requireNonNull(planned.get(collection), collection);
    }

    private List<Stored.Run> withSlots(String collection) {
        return runsOf.getOrDefault(collection, List.of()).stream()
                .filter(run -> run.scheduledAt() != null)
                .toList();
    }

    void everySlotIsDecided() {
        for (Stored.Collection collection : steady()) {
            Slots slots = Slots.of(plan(collection.name()), collection);
            List<Stored.Run> decided = withSlots(collection.name());
            Instant slot = slots.nextAfter(collection.settledUntil());
            while (!slot.isAfter(evidence.until())) {
                Instant undecided = slot;
                if (decided.stream().noneMatch(run -> standsFor(run, undecided))) {
                    fault("slot without a run", collection.name() + " " + undecided);
                }
                slot = slots.nextAfter(slot);
            }
        }
    }

    private static boolean standsFor(Stored.Run run, Instant slot) {
        Instant first = run.firstSlot();
        Instant last = run.scheduledAt();
        return first != null && last != null && !slot.isBefore(first) && !slot.isAfter(last);
    }

    /** But for clocks that went wrong: what was decided before its time is served again at its time. */
    void noSlotIsDecidedTwice() {
        for (PlannedCollection collection : planned.values()) {
            List<Stored.Run> sorted = withSlots(collection.name()).stream()
                    .sorted(Comparator.comparing(run -> Objects.requireNonNull(run.firstSlot())))
                    .toList();
            Stored.@Nullable Run before = null;
            for (Stored.Run run : sorted) {
                if (before != null
                        && standsFor(before, Objects.requireNonNull(run.firstSlot()))
                        && !isSkewed(Objects.requireNonNull(run.firstSlot()))
                        && !isSkewed(Objects.requireNonNull(before.scheduledAt()))) {
                    fault("slot decided twice", before + " and " + run);
                }
                before = before != null && lastSlot(before).isAfter(lastSlot(run)) ? before : run;
            }
        }
    }

    private static Instant lastSlot(Stored.Run run) {
        return Objects.requireNonNull(run.scheduledAt());
    }

    private boolean isSkewed(Instant instant) {
        return Span.anyContains(evidence.skewed(), instant, SKEW_MARGIN);
    }

    void rangesAreWhatTheScheduleNames() {
        for (Stored.Collection collection : stored.collections()) {
            Slots slots = Slots.of(plan(collection.name()), collection);
            for (Stored.Run run : withSlots(collection.name())) {
                Instant first = Objects.requireNonNull(run.firstSlot());
                Instant last = lastSlot(run);
                Long count = run.missedCount();
                if (!slots.contains(first) || !slots.contains(last)) {
                    fault("no slot of its schedule", run);
                } else if (count != null && count != slots.count(first, last)) {
                    fault("missed slots counted wrongly", run + " but there are " + slots.count(first, last));
                }
            }
        }
    }

    void slotsAreClaimedInOrder() {
        for (PlannedCollection collection : planned.values()) {
            Stored.@Nullable Run before = null;
            List<Stored.Run> sorted = withSlots(collection.name()).stream()
                    .sorted(Comparator.comparing(Stored.Run::createdAt).thenComparing(Checks::lastSlot))
                    .toList();
            for (Stored.Run run : sorted) {
                if (before != null
                        && lastSlot(run).isBefore(lastSlot(before))
                        && !isSkewed(run.createdAt())
                        && !isSkewed(before.createdAt())) {
                    fault("slots claimed out of order", before + " before " + run);
                }
                before = run;
            }
        }
    }

    void everyRunHasEnded() {
        for (Stored.Run run : stored.runs()) {
            if (!run.isFinished() && !run.createdAt().isAfter(evidence.until())) {
                fault("run without an end", run);
            }
            if (run.isFinished() != (run.outcome() != null)) {
                fault("run between two states", run);
            }
        }
    }

    void aSuccessHasOnePayload() {
        Map<String, List<Stored.Payload>> payloads =
                stored.payloads().stream().collect(Collectors.groupingBy(Stored.Payload::runId));
        payloads.forEach((runId, of) -> {
            if (of.size() > 1) {
                fault("two results of a run", runs.get(runId) + " has payloads " + of);
            }
            if (!runs.containsKey(runId)) {
                fault("payload of no run", of);
            }
        });
        for (Stored.Run run : stored.runs()) {
            List<Stored.Payload> of = payloads.getOrDefault(run.id(), List.of());
            boolean named = of.stream().anyMatch(payload -> payload.id().equals(run.payloadId()));
            if (run.isSuccess() && !named) {
                fault("success without its payload", run + " names " + run.payloadId() + " and has " + of);
            }
            if (!run.isSuccess() && (!of.isEmpty() || run.payloadId() != null)) {
                fault("payload of a run that did not succeed", run + " " + of);
            }
        }
    }

    void payloadsNameTheAttemptThatCounts() {
        for (Stored.Payload payload : stored.payloads()) {
            Stored.Run run = runs.get(payload.runId());
            if (run != null && (!run.id().equals(payload.namedRun()) || run.attempt() != payload.namedAttempt())) {
                fault("result of another attempt", payload + " of " + run);
            }
        }
    }

    void attemptsAreNumbered() {
        for (Stored.Run run : stored.runs()) {
            for (int number = 1; number <= run.attempt(); number++) {
                Stored.Attempt attempt = attempts.get(key(run.id(), number));
                if (attempt == null) {
                    fault("attempt without a row", run + " " + number);
                } else if (attempt.outcome() == null && run.isFinished()) {
                    fault("attempt of an ended run without an end", attempt + " of " + run);
                } else if ("SUCCEEDED".equals(attempt.outcome()) && (number < run.attempt() || !run.isSuccess())) {
                    fault("attempt succeeded without its run", attempt + " of " + run);
                } else if (run.isSuccess() && number == run.attempt() && !"SUCCEEDED".equals(attempt.outcome())) {
                    fault("run succeeded without its attempt", attempt + " of " + run);
                }
            }
        }
        for (Stored.Attempt attempt : stored.attempts()) {
            Stored.Run run = runs.get(attempt.runId());
            if (run == null || attempt.number() > run.attempt()) {
                fault("attempt beyond its run", attempt + " of " + run);
            }
        }
    }

    void onlySuccessesAreCalledSo() {
        Set<String> succeeded = evidence.activities().stream()
                .filter(Activity::succeeded)
                .map(activity -> key(activity.runId(), activity.attempt()))
                .collect(Collectors.toSet());
        for (Stored.Run run : stored.runs()) {
            if (run.isSuccess()
                    && planned.containsKey(run.collection())
                    && !succeeded.contains(key(run.id(), run.attempt()))) {
                fault("success that no collector knows of", run);
            }
        }
    }

    void nothingRunsUnclaimed() {
        Set<String> seen = new HashSet<>();
        for (Activity activity : evidence.activities()) {
            String key = key(activity.runId(), activity.attempt());
            Stored.Attempt attempt = attempts.get(key);
            if (attempt == null) {
                fault("attempt made without a stored claim", activity);
            } else if (!attempt.instance().equals(activity.instance())
                    && !process(attempt.instance()).equals(process(activity.instance()))) {
                fault("attempt made by another than its claim says", activity + " " + attempt);
            }
            if (!seen.add(key)) {
                fault("attempt made twice", activity);
            }
        }
    }

    private static String process(String instance) {
        return instance.substring(0, Math.max(0, instance.indexOf('@')));
    }

    /** Of whoever made the earlier one nobody knew any more that it was about. */
    void attemptsOfARunFollowEachOther() {
        Map<String, List<Activity>> byRun =
                evidence.activities().stream().collect(Collectors.groupingBy(Activity::runId));
        byRun.values()
                .forEach(of -> of.forEach(later -> of.stream()
                        .filter(earlier -> !earlier.isOfSameAttempt(later))
                        .filter(earlier -> earlier.lastsAt(later.begin()))
                        .filter(earlier -> !isOver(earlier, later.begin()))
                        .forEach(earlier -> fault("attempts of a run overlap", later + " begins during " + earlier))));
    }

    /** Whether the instance that made it counted as ended by then. */
    private boolean isOver(Activity activity, Instant at) {
        Stored.Attempt attempt = attempts.get(key(activity.runId(), activity.attempt()));
        Instant end = ends.get(attempt == null ? activity.instance() : attempt.instance());
        return end != null && !end.isAfter(at);
    }

    void collectionsDoNotOverlapThemselves() {
        Map<String, List<Activity>> byCollection =
                evidence.activities().stream().collect(Collectors.groupingBy(Activity::collection));
        byCollection.forEach((collection, of) -> {
            int most = plan(collection).maxOverlap();
            for (Activity later : of) {
                List<Activity> during = of.stream()
                        .filter(earlier -> !earlier.runId().equals(later.runId()))
                        .filter(earlier -> earlier.lastsAt(later.begin()))
                        .filter(earlier -> !isOver(earlier, later.begin()))
                        .toList();
                if (during.size() >= most) {
                    fault("collection overlaps itself", later + " begins during " + during);
                }
            }
        });
    }

    void whatMustNotBeRepeatedIsNot() {
        evidence.activities().stream()
                .filter(activity -> plan(activity.collection()).behaviour() == Behaviour.ONCE)
                .collect(Collectors.groupingBy(Activity::runId))
                .values()
                .stream()
                .filter(of -> of.size() > 1)
                .forEach(of -> fault("repeated although it must not be", of));
    }

    void countersAgree() {
        for (Stored.Collection collection : stored.collections()) {
            List<Stored.Run> ended = runsOf.getOrDefault(collection.name(), List.of()).stream()
                    .filter(Stored.Run::isFinished)
                    .toList();
            for (String outcome : Stored.OUTCOMES) {
                long count = ended.stream()
                        .filter(run -> outcome.equals(run.outcome()))
                        .count();
                compare(collection, outcome, count);
            }
            long skipped = ended.stream()
                    .filter(run -> "SKIPPED".equals(run.outcome()))
                    .mapToLong(run -> run.missedCount() == null ? 1 : run.missedCount())
                    .sum();
            compare(collection, "SKIPPED", skipped);
        }
    }

    private void compare(Stored.Collection collection, String outcome, long count) {
        Long counted = collection.counted().get(outcome);
        if (counted == null || counted != count) {
            fault("counted wrongly", collection.name() + " has " + count + " " + outcome + ", counted " + counted);
        }
    }

    void nobodyStoresAfterItsEnd() {
        for (Stored.Attempt attempt : stored.attempts()) {
            Instant end = ends.get(attempt.instance());
            Instant last = attempt.finishedAt();
            if (end == null || isSkewed(attempt.startedAt()) || last != null && isSkewed(last)) {
                continue;
            }
            Instant known = awake(attempt.instance(), end).plus(FINDS_OUT);
            // Others end as abandoned what it has left.
            boolean storedLater = last != null && last.isAfter(known) && !"ABANDONED".equals(attempt.outcome());
            if (attempt.startedAt().isAfter(known) || storedLater) {
                fault("stored after the end of its instance", attempt + " ended " + end);
            }
        }
    }

    void nothingBeginsWhereItIsDrained() {
        for (Activity activity : evidence.activities()) {
            Instant drained = evidence.drained().get(Long.parseLong(process(activity.instance())));
            if (drained != null && activity.begin().isAfter(drained.plus(FINDS_OUT))) {
                fault("begun where it was drained", activity + " drained " + drained);
            }
        }
    }

    /** When a process that was stopped from outside at that time, or after it, could go on. */
    private Instant awake(String instance, Instant end) {
        List<Span> frozen = evidence.frozen().getOrDefault(Long.parseLong(process(instance)), List.of());
        return frozen.stream()
                .map(Span::to)
                .filter(to -> to.isAfter(end))
                .min(Comparator.naturalOrder())
                .orElse(end);
    }
}
