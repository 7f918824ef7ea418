package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class PostgreSqlReadingTests extends ReadingContract {

    @Override
    Store open() {
        return TestStores.postgreSql(clock);
    }
}
