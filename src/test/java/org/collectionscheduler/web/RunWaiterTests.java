package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunWaiterTests {

    private final Clock clock = Clock.systemUTC();

    @Test
    void aRunThatWasClaimedIsToldAlthoughTheStoreGoesAway() throws Exception {
        Run claimed;
        RunWaiter waiter;
        try (Store store = TestStores.sqliteMemory(clock)) {
            TestRuns runs = new TestRuns(store, clock, System::nanoTime, 1);
            ScheduledCollection collection = runs.register("asked-for", TestCollector.succeeding());
            claimed = runs.pipeline.demand(collection, TestRuns.CAUSE).orElseThrow();
            waiter = new RunWaiter(runs.history, System::nanoTime);
        }

        assertThat(waiter.await(claimed, Duration.ofMillis(300)).id()).isEqualTo(claimed.id());
    }
}
