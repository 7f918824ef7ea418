package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class PoliciesOnPostgreSqlTests extends PolicyContract {

    @Override
    Store open() {
        return TestStores.postgreSql(clock);
    }
}
