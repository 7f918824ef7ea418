package org.collectionscheduler.run;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.collectionscheduler.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes what need not be kept of a collection, each time a run of it has finished or was skipped. */
final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** Rows of one transaction, so that it stays short. */
    private static final int BATCH = 500;

    private final Store store;
    private final StoreProperties.Retention limits;
    private final Clock clock;

    Retention(Store store, StoreProperties.Retention limits, Clock clock) {
        this.store = store;
        this.limits = limits;
        this.clock = clock;
    }

    /** Collections that no longer run, too, keep nothing for longer than they may. */
    @EventListener(ApplicationReadyEvent.class)
    void atStart() {
        try {
            store.read(CollectionRepository::findAll).forEach(record -> prune(record.name()));
        } catch (StoreUnavailableException e) {
            log.atInfo().addKeyValue("reason", e.getMessage()).log("nothing was deleted at start");
        }
    }

    @EventListener({RunFinished.class, RunSkipped.class})
    void afterRun(RunEvent event) {
        try {
            prune(event.collection());
        } catch (StoreUnavailableException e) {
            log.atInfo()
                    .addKeyValue("collection", event.collection())
                    .addKeyValue("reason", e.getMessage())
                    .log("nothing was deleted: the store cannot be written; the next run deletes it");
        }
    }

    /** Deletes at most one batch of runs and one of payloads. */
    void prune(String collection) {
        Instant oldest = clock.instant().minus(limits.age());
        store.write(jdbc -> {
            delete(jdbc, "payload", "id", payloads(jdbc, collection, oldest));
            List<String> runs = runs(jdbc, collection, oldest);
            delete(jdbc, "attempt", "run_id", runs);
            delete(jdbc, "run", "id", runs);
            return null;
        });
    }

    /** The newest successful payload stays, however old it is. */
    private List<String> payloads(JdbcClient jdbc, String collection, Instant oldest) {
        String superfluous = superfluous("payload", "last_success_payload", "TRUE");
        return find(jdbc, superfluous, collection, oldest, limits.payloads());
    }

    /** The run that finished last stays, and so does one that has not. */
    private List<String> runs(JdbcClient jdbc, String collection, Instant oldest) {
        String superfluous = superfluous("run", "last_run_id", "state = 'FINISHED'");
        return find(jdbc, superfluous, collection, oldest, limits.runs());
    }

    /** @param kept column of {@code collection} that names the row to be kept */
    private static String superfluous(String table, String kept, String condition) {
        return """
                SELECT id FROM %1$s
                WHERE collection = :collection AND %3$s
                  AND id NOT IN (SELECT %2$s FROM collection WHERE name = :collection AND %2$s IS NOT NULL)
                  AND (created_at < :oldest
                       OR id NOT IN (SELECT id FROM %1$s WHERE collection = :collection
                                     ORDER BY created_at DESC, id DESC LIMIT :kept))
                LIMIT :batch
                """.formatted(table, kept, condition);
    }

    private static List<String> find(JdbcClient jdbc, String sql, String collection, Instant oldest, int kept) {
        return jdbc.sql(sql)
                .param("collection", collection)
                .param("oldest", oldest.toEpochMilli())
                .param("kept", kept)
                .param("batch", BATCH)
                .query(String.class)
                .list();
    }

    private static void delete(JdbcClient jdbc, String table, String column, List<String> ids) {
        if (!ids.isEmpty()) {
            jdbc.sql("DELETE FROM " + table + " WHERE " + column + " IN (:ids)")
                    .param("ids", ids)
                    .update();
        }
    }
}
