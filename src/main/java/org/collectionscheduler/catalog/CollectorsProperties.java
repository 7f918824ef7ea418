package org.collectionscheduler.catalog;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Where collectors come from that are not built in.
 *
 * @param directory its jars are added to the class path, and their auto-configurations apply; null means none
 */
@ConfigurationProperties("scheduler.collectors")
public record CollectorsProperties(@Nullable Path directory) implements SettingsGroup {

    static final String DIRECTORY = "scheduler.collectors.directory";

    @Override
    public void check(Consumer<Problem> problems) {
        if (directory != null) {
            new CollectorJars(directory).check(problems);
        }
    }
}
