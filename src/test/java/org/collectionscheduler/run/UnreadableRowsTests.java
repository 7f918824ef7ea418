package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.UUID;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What the log says of rows that lists leave out. */
class UnreadableRowsTests {

    private final Store store = TestStores.sqliteMemory(new MutableClock());
    private final RunHistory history = new RunHistory(store);
    private final Logger logger = (Logger) LoggerFactory.getLogger(UnreadableRows.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        logger.addAppender(logged);
    }

    @AfterEach
    void close() {
        logger.detachAppender(logged);
        store.close();
    }

    @Test
    void eachIsNamedOnceHoweverOftenItIsRead() {
        String run = damagedRun();
        String other = damagedRun();
        for (int i = 0; i < 3; i++) {
            assertThat(history.runs(TestRuns.runsOf(null), null, 10).unreadable())
                    .containsExactlyInAnyOrder(run, other);
        }

        assertThat(logged.list)
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.getLevel()).isEqualTo(Level.WARN))
                .extracting(ILoggingEvent::getMessage)
                .containsOnly("stored row left out of all lists and counts; correct or delete it");
        assertThat(logged.list)
                .extracting(ILoggingEvent::getKeyValuePairs)
                .containsExactlyInAnyOrder(reason(run), reason(other));
    }

    private static List<KeyValuePair> reason(String run) {
        return List.of(new KeyValuePair(
                "reason",
                "the row '" + run + "' of table 'run' cannot be read: column 'state' holds 'BROKEN', which is none of"
                        + " [WAITING, RUNNING, RETRYING, FINISHED]"));
    }

    /** In this process no other has its id. */
    private String damagedRun() {
        String id = UUID.randomUUID().toString();
        store.write(jdbc -> jdbc.sql("""
                INSERT INTO run (id, collection, kind, scheduled_at, state, attempt, created_at)
                VALUES (:id, :id, 'DEMAND', 1, 'BROKEN', 1, 1)
                """).param("id", id).update());
        return id;
    }
}
