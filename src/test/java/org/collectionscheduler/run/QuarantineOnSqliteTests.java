package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Path;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuarantineOnSqliteTests extends QuarantineContract {

    @TempDir
    Path directory;

    @Override
    Store open() {
        return TestStores.sqliteFile(directory, clock);
    }

    /** This database keeps in a column whatever it is given, and would read most of it as zero. */
    @ParameterizedTest
    @CsvSource({
        "UPDATE collection SET anchor = 'yesterday' WHERE name = 'sick', 'anchor', 'yesterday'",
        "UPDATE collection SET settled_until = 1.5 WHERE name = 'sick', 'settled_until', 1.5",
        "UPDATE collection SET paused_at = 'never' WHERE name = 'sick', 'paused_at', 'never'",
        "UPDATE collection SET failed = 'often' WHERE name = 'sick', 'failed', 'often'",
        "UPDATE run SET scheduled_at = 'soon' WHERE collection = 'sick', 'scheduled_at', 'soon'"
    })
    void aValueOfAnotherKindIsNotReadAsZero(String damage, String column, String value) {
        assertThat(quarantinedBy(damage)).get(as(STRING)).contains("column '" + column + "' holds '" + value + "'");
        assertThat(recordOfSick().state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(recordOfSick().collector()).isEqualTo("probe");
    }
}
