package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class SqliteMemoryStoreTests extends StoreContract {

    @Override
    Store open() {
        return TestStores.sqliteMemory(clock);
    }
}
