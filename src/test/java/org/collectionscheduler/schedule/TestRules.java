package org.collectionscheduler.schedule;

import java.time.Duration;

/** Rules without quiet times, deadlines and overlap, unless a test says otherwise. */
public final class TestRules {

    private TestRules() {}

    /** Two starts lie at least half an hour apart. */
    public static Rules of(Schedule schedule, MissedRuns missedRuns, RunOnStart runOnStart) {
        return of(schedule, new StartPolicy(missedRuns, null, null, 1), runOnStart, Duration.ofMinutes(30));
    }

    public static Rules of(Schedule schedule, StartPolicy policy, RunOnStart runOnStart, Duration minimumInterval) {
        return new Rules(schedule, QuietTimes.NONE, policy, runOnStart, minimumInterval);
    }
}
