package org.collectionscheduler.kubernetes;

import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the API server may be asked.
 *
 * @param requestsPerSecond by all collections of this process together
 */
@ConfigurationProperties("scheduler.kubernetes")
public record KubernetesProperties(@DefaultValue("20") int requestsPerSecond) implements SettingsGroup {

    static final String RATE_KEY = "scheduler.kubernetes.requests-per-second";

    private static final int MOST = 10_000;

    @Override
    public void check(Consumer<Problem> problems) {
        if (requestsPerSecond < 1 || requestsPerSecond > MOST) {
            problems.accept(new Problem(
                    RATE_KEY, String.valueOf(requestsPerSecond), "is out of bounds", "Set a number from 1 to " + MOST));
        }
    }
}
