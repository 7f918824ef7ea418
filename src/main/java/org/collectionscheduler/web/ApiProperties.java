package org.collectionscheduler.web;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Who may use the API.
 *
 * @param tokenFile holds the token on one line; null means that one is made, in the store directory
 */
@ConfigurationProperties("scheduler.api")
public record ApiProperties(@Nullable Path tokenFile) implements SettingsGroup {

    @Override
    public void check(Consumer<Problem> problems) {
        if (tokenFile != null) {
            ApiToken.check(tokenFile).ifPresent(problems);
        }
    }
}
