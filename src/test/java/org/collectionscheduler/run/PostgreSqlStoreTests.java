package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class PostgreSqlStoreTests extends StoreContract {

    @Override
    Store open() {
        return TestStores.postgreSql(clock);
    }
}
