package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class RetentionOnPostgreSqlTests extends RetentionContract {

    @Override
    Store open() {
        return TestStores.postgreSql(clock);
    }
}
