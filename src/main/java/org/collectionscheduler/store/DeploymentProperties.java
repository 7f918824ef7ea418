package org.collectionscheduler.store;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What makes this deployment different from others.
 *
 * @param seedFile a file with the lines {@code seed=…} and {@code salt=…}; null means that both are made at the first
 *     start and stored
 */
@ConfigurationProperties("scheduler.deployment")
public record DeploymentProperties(@Nullable Path seedFile) implements SettingsGroup {

    @Override
    public void check(Consumer<Problem> problems) {
        if (seedFile != null) {
            SeedFile.read(seedFile, problems);
        }
    }
}
