package org.collectionscheduler.run;

import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class UpgradeOnPostgreSqlTests extends UpgradeContract {

    @Override
    Store open(String rows) {
        return TestStores.oldPostgreSql("1", rows, clock);
    }
}
