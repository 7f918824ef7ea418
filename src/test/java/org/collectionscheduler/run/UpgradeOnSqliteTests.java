package org.collectionscheduler.run;

import java.nio.file.Path;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.io.TempDir;

class UpgradeOnSqliteTests extends UpgradeContract {

    @TempDir
    Path directory;

    @Override
    Store open(String rows) {
        TestStores.writeOldSqliteFile(directory, "1", rows);
        return TestStores.sqliteFile(directory, clock);
    }
}
