package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class QuarantineOnPostgreSqlTests extends QuarantineContract {

    @Override
    Store open() {
        return TestStores.postgreSql(clock);
    }
}
