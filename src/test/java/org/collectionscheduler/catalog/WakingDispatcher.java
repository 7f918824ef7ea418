package org.collectionscheduler.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.collectionscheduler.dispatch.Dispatcher;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestRuns;

/** Wakes when a test says so, and when a collection is added or free. */
final class WakingDispatcher implements Dispatcher {

    private final TestRuns runs;
    final Map<String, ScheduledCollection> armed = new ConcurrentSkipListMap<>();
    private volatile boolean started;

    WakingDispatcher(TestRuns runs) {
        this.runs = runs;
        runs.events.listen(event -> {
            if (event instanceof CollectionFreed freed && freed.undecided() && started) {
                Optional.ofNullable(armed.get(freed.collection())).ifPresent(runs::wake);
            }
        });
    }

    void wake() {
        armed.values().forEach(runs::wake);
    }

    @Override
    public String engine() {
        return "test";
    }

    @Override
    public void start(Collection<ScheduledCollection> collections) {
        started = true;
        collections.forEach(this::add);
    }

    @Override
    public void add(ScheduledCollection collection) {
        armed.put(collection.name(), collection);
        runs.wake(collection);
    }

    @Override
    public void remove(String collection) {
        armed.remove(collection);
    }

    @Override
    public void rearm() {
        wake();
    }

    @Override
    public void stop() {
        started = false;
        armed.clear();
    }
}
