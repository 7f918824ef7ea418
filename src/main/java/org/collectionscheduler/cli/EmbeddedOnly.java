package org.collectionscheduler.cli;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import org.collectionscheduler.store.StoreType;
import org.springframework.context.ApplicationContext;

/** What the commands for the embedded store have in common. */
final class EmbeddedOnly {

    private EmbeddedOnly() {}

    /**
     * Why there is nothing to do here; empty when there is.
     *
     * @param tool the one for a PostgreSQL
     */
    static Optional<String> wrong(ApplicationContext context, String tool) {
        return switch (context.getBean(StoreType.class)) {
            case EMBEDDED -> Optional.empty();
            case MEMORY ->
                Optional.of("scheduler.store.type = 'memory': keeps no file. Set it to embedded, and"
                        + " scheduler.store.directory to the directory that the service uses");
            case POSTGRESQL ->
                Optional.of("spring.datasource.url: names a PostgreSQL, which has tools of its own. Use " + tool);
        };
    }

    static void print(Map<String, Long> rows, PrintStream result) {
        rows.forEach((table, count) -> result.println(table + ": " + count + " rows"));
    }
}
