package org.collectionscheduler.dispatch.cluster;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.collectionscheduler.dispatch.DispatcherContract;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;

class ClusterDispatcherTests extends DispatcherContract {

    private final DatabaseServer server = TestStores.server();
    private final Map<TestRuns, ClusterProcess> processes = new HashMap<>();

    @Override
    protected Store open(Clock clock) {
        return TestStores.shared(server, clock);
    }

    @Override
    protected TestRuns process(Store store, Clock clock) {
        // A step of the clock is one of the database's, too.
        Clock compared = Clock.systemUTC();
        ClusterProcess process = new ClusterProcess(server, store, clock, compared, PERMITS);
        processes.put(process.runs, process);
        return process.runs;
    }

    @Override
    protected Engine engine(TestRuns process, Clock clock) {
        return Objects.requireNonNull(processes.get(process)).engine();
    }
}
