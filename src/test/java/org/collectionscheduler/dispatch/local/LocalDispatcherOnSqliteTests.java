package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.RunPipeline;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class LocalDispatcherOnSqliteTests extends DispatcherContract {

    @Override
    protected Store open(Clock clock) {
        return TestStores.sqliteMemory(clock);
    }

    @Override
    protected Engine engine(RunPipeline pipeline, Clock clock) {
        return LocalEngine.of(pipeline, clock);
    }
}
