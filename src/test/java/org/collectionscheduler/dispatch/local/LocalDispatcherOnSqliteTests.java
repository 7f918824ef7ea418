package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class LocalDispatcherOnSqliteTests extends DispatcherContract {

    @Override
    protected Store open(Clock clock) {
        return TestStores.sqliteMemory(clock);
    }

    @Override
    protected TestRuns process(Store store, Clock clock) {
        return new TestRuns(store, clock, System::nanoTime, PERMITS);
    }

    @Override
    protected Engine engine(TestRuns process, Clock clock) {
        return LocalEngine.of(process.pipeline, clock);
    }
}
