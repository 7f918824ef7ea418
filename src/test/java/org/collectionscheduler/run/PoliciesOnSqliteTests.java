package org.collectionscheduler.run;

import java.nio.file.Path;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.io.TempDir;

class PoliciesOnSqliteTests extends PolicyContract {

    @TempDir
    Path directory;

    @Override
    Store open() {
        return TestStores.sqliteFile(directory, clock);
    }
}
