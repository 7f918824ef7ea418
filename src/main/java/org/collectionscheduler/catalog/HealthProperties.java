package org.collectionscheduler.catalog;

import java.time.Duration;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * From when on health calls something sick. Zero switches a rule off.
 *
 * @param failedRuns so many failed runs in a row
 * @param successRate a smaller share of succeeded runs, from 0 to 1
 * @param successWindow of the runs that ended in that time
 * @param successRuns as soon as so many have ended
 * @param missedIntervals no success although so many slots have come since the last one
 * @param queueGrowingFor the queue of waiting runs has grown for that long
 * @param clockStepShown how long a step of the wall clock is shown
 * @param slowStore a write that takes longer
 */
@ConfigurationProperties("scheduler.health")
public record HealthProperties(
        @DefaultValue("3") int failedRuns,
        @DefaultValue("0.8") double successRate,
        @DefaultValue("24h") Duration successWindow,
        @DefaultValue("5") int successRuns,
        @DefaultValue("2") int missedIntervals,
        @DefaultValue("5m") Duration queueGrowingFor,
        @DefaultValue("10m") Duration clockStepShown,
        @DefaultValue("1s") Duration slowStore)
        implements SettingsGroup {

    private static final int MOST = 1000;

    @Override
    public void check(Consumer<Problem> problems) {
        checkCount("failed-runs", failedRuns, 0, problems);
        checkCount("success-runs", successRuns, 1, problems);
        checkCount("missed-intervals", missedIntervals, 0, problems);
        if (!(successRate >= 0 && successRate <= 1)) {
            problems.accept(new Problem(
                    "scheduler.health.success-rate",
                    String.valueOf(successRate),
                    "must lie between 0 and 1",
                    "Write a share such as 0.8 for 80 %, or 0 for no such rule"));
        }
        Durations.checkPositive("scheduler.health.success-window", successWindow, problems);
        Durations.checkNotNegative("scheduler.health.queue-growing-for", queueGrowingFor, problems);
        Durations.checkNotNegative("scheduler.health.clock-step-shown", clockStepShown, problems);
        Durations.checkNotNegative("scheduler.health.slow-store", slowStore, problems);
    }

    private static void checkCount(String key, int value, int least, Consumer<Problem> problems) {
        if (value < least || value > MOST) {
            problems.accept(new Problem(
                    "scheduler.health." + key,
                    String.valueOf(value),
                    "must lie between " + least + " and " + MOST,
                    "Write a whole number" + (least == 0 ? "; 0 switches the rule off" : "")));
        }
    }
}
