package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;

/** Several processes that start on a database in which there is nothing yet. */
class SimultaneousStartTests {

    private static final int PROCESSES = 4;

    private final DatabaseServer server = TestStores.emptyServer();

    @Test
    void eachRegistersWhatAllOfThemDeclare() throws Exception {
        CyclicBarrier together = new CyclicBarrier(PROCESSES);
        ExecutorService threads = Executors.newFixedThreadPool(PROCESSES);
        List<Store> stores = new ArrayList<>();
        try {
            List<Future<Registrations.Registered>> registered = new ArrayList<>();
            for (int i = 0; i < PROCESSES; i++) {
                MutableClock clock = new MutableClock();
                clock.advance(Duration.ofMillis(i));
                Store store = TestStores.shared(server, clock);
                stores.add(store);
                registered.add(threads.submit(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    return new Registrations(store, clock).register(declared());
                }));
            }
            for (Future<Registrations.Registered> one : registered) {
                assertThat(one.get(30, TimeUnit.SECONDS).schedules())
                        .isEqualTo(registered.get(0).get(30, TimeUnit.SECONDS).schedules())
                        .hasSize(declared().size());
            }
        } finally {
            threads.shutdownNow();
            stores.forEach(Store::close);
        }
    }

    private static List<Registration> declared() {
        return IntStream.range(0, 300)
                .mapToObj(number -> new Registration(
                        "c" + number,
                        "probe",
                        CollectionState.ACTIVE,
                        DeclaredBy.CONFIGURATION,
                        (Instant anchor) -> new Rhythm.Interval(Duration.ofHours(1)).schedule(anchor, Duration.ZERO),
                        "test"))
                .toList();
    }
}
