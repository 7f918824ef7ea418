package org.collectionscheduler.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a play came to.
 *
 * @param served slots with a successful run
 * @param passed slots that were passed over or served by a later run
 * @param takeovers runs that were attempted again after an attempt was given up
 * @param afterDeaths how runs went on elsewhere whose process died in the midst of them
 * @param worstLateness of what began by its schedule once all was calm
 */
record Figures(
        ClusterPlan plan,
        Map<Hurt, Integer> hurts,
        long runs,
        long served,
        long passed,
        long takeovers,
        List<Elsewhere> afterDeaths,
        Duration worstLateness,
        Calm calm) {

    Figures {
        hurts = new EnumMap<>(hurts);
        afterDeaths = List.copyOf(afterDeaths);
    }

    /**
     * The end of a play, in which nothing is hurt any more.
     *
     * @param since it began
     * @param servedWithin how long it took, from then on, until every collection had served a slot
     */
    record Calm(Instant since, Duration servedWithin) {}

    /**
     * A run whose process died, which another one made anew.
     *
     * @param death of the process
     * @param begunAfter from the death to the beginning of the next attempt
     * @param endedAfter from the death to the end of that attempt
     */
    record Elsewhere(Instant death, Duration begunAfter, Duration endedAfter) {}

    /** @param deaths when processes ended, by whatever */
    static Figures of(ClusterPlan plan, Map<Hurt, Integer> hurts, Evidence evidence, Set<Instant> deaths, Calm calm) {
        Map<String, Stored.Run> runs =
                evidence.stored().runs().stream().collect(Collectors.toMap(Stored.Run::id, Function.identity()));
        List<Stored.Run> slots =
                runs.values().stream().filter(run -> run.scheduledAt() != null).toList();
        return new Figures(
                plan,
                hurts,
                runs.size(),
                slots.stream().filter(Stored.Run::isSuccess).count(),
                slots.stream()
                        .mapToLong(
                                run -> (run.missedCount() == null ? 1 : run.missedCount()) - (run.isSuccess() ? 1 : 0))
                        .sum(),
                takeovers(evidence.stored(), runs),
                elsewhere(evidence.activities(), deaths),
                evidence.activities().stream()
                        .filter(activity -> activity.attempt() == 1)
                        .map(activity -> lateness(activity, runs.get(activity.runId()), calm.since(), evidence.until()))
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO),
                calm);
    }

    private static long takeovers(Stored stored, Map<String, Stored.Run> runs) {
        return stored.attempts().stream()
                .filter(attempt -> "ABANDONED".equals(attempt.outcome()))
                .filter(attempt -> {
                    Stored.Run run = runs.get(attempt.runId());
                    return run != null && run.attempt() > attempt.number();
                })
                .count();
    }

    private static List<Elsewhere> elsewhere(List<Activity> activities, Set<Instant> deaths) {
        Map<String, Activity> byAttempt = activities.stream()
                .collect(Collectors.toMap(
                        activity -> activity.runId() + " " + activity.attempt(),
                        Function.identity(),
                        (first, second) -> first));
        return activities.stream()
                .filter(activity -> activity.end() != null && deaths.contains(activity.end()))
                .flatMap(died -> Stream.ofNullable(byAttempt.get(died.runId() + " " + (died.attempt() + 1)))
                        .flatMap(next -> elsewhere(died.end(), next, deaths)))
                .toList();
    }

    /** Nothing of one that had been given up before its process died, nor of one whose next process died, too. */
    private static Stream<Elsewhere> elsewhere(@Nullable Instant death, Activity next, Set<Instant> deaths) {
        Instant end = next.end();
        return death == null
                        || end == null
                        || deaths.contains(end)
                        || next.begin().isBefore(death)
                ? Stream.empty()
                : Stream.of(new Elsewhere(death, Duration.between(death, next.begin()), Duration.between(death, end)));
    }

    private static Duration lateness(Activity activity, Stored.@Nullable Run run, Instant calm, Instant until) {
        Instant slot = run == null || !run.kind().equals("SCHEDULE") ? null : run.scheduledAt();
        return slot == null || slot.isBefore(calm) || slot.isAfter(until)
                ? Duration.ZERO
                : Duration.between(slot, activity.begin());
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private String resumed() {
        if (afterDeaths.isEmpty()) {
            return "";
        }
        List<Duration> begun =
                afterDeaths.stream().map(Elsewhere::begunAfter).sorted().toList();
        Duration ended = afterDeaths.stream()
                .map(Elsewhere::endedAfter)
                .max(Duration::compareTo)
                .orElseThrow();
        return ", " + begun.size() + " runs of dead processes begun elsewhere after " + seconds(begun.get(0)) + " to "
                + seconds(begun.get(begun.size() - 1)) + " and ended after at most " + seconds(ended);
    }

    @Override
    public String toString() {
        return "cluster play of seed " + plan.seed() + ": " + plan.instances() + " instances, "
                + plan.collections().size() + " collections, " + runs + " runs, " + served + " slots served, " + passed
                + " passed over or caught up, " + takeovers + " runs taken over" + resumed() + ", hurts " + hurts
                + ", when calm every collection served within " + seconds(calm.servedWithin()) + ", worst lateness "
                + seconds(worstLateness);
    }
}
