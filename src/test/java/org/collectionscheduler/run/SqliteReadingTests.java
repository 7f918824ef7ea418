package org.collectionscheduler.run;

import java.nio.file.Path;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteReadingTests extends ReadingContract {

    @TempDir
    Path directory;

    @Override
    Store open() {
        return TestStores.sqliteFile(directory, clock);
    }

    /** This database keeps in a column whatever it is given, and orders a text behind every number. */
    @ParameterizedTest
    @CsvSource({
        "scheduled_at, soon",
        "created_at, x",
        "created_at, 1.5",
        "started_at, x",
        "finished_at, x",
        "finished_at, 1.5",
        "duration_ms, long",
        "next_attempt_at, x"
    })
    void aRunWithAValueOfAnotherKindIsLeftOut(String column, String value) {
        aDamagedRunIsLeftOut(column, value);
    }

    @Test
    void aChangeByHandOfNoTimeIsLeftOut() {
        aDamagedChangeIsLeftOut("at", "x");
    }
}
