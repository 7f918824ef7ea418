package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;

class SharedPermitsTests {

    private final DatabaseServer server = TestStores.server();

    @Test
    void allProcessesTogetherHaveNoMoreThanTheLimit() {
        try (SharedPermits one = new SharedPermits(server);
                SharedPermits other = new SharedPermits(server)) {
            assertThat(one.tryAcquire("api", 3)).isTrue();
            assertThat(one.tryAcquire("api", 3)).isTrue();
            assertThat(other.tryAcquire("api", 3)).isTrue();
            assertThat(other.tryAcquire("api", 3)).isFalse();
            assertThat(one.tryAcquire("api", 3)).isFalse();
            assertThat(other.tryAcquire("another", 1)).isTrue();

            one.release("api");

            assertThat(other.tryAcquire("api", 3)).isTrue();
            assertThat(one.tryAcquire("api", 3)).isFalse();
        }
    }

    @Test
    void oneThatEndsLeavesItsOwnToOthers() {
        SharedPermits one = new SharedPermits(server);
        try (SharedPermits other = new SharedPermits(server)) {
            assertThat(one.tryAcquire("api", 1)).isTrue();
            assertThat(other.tryAcquire("api", 1)).isFalse();

            one.close();

            org.awaitility.Awaitility.await().until(() -> other.tryAcquire("api", 1));
        }
    }

    @Test
    void oneThatWasCutOffGoesOnWithAnotherConnection() {
        try (SharedPermits one = new SharedPermits(server);
                Store store = TestStores.shared(server, Clock.systemUTC())) {
            assertThat(one.tryAcquire("api", 1)).isTrue();
            store.read(jdbc -> jdbc.sql("""
                    SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
                    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """).query((row, number) -> 1).list());

            assertThat(one.tryAcquire("api", 2)).as("finds out").isFalse();
            assertThat(one.tryAcquire("api", 2)).isTrue();
            one.release("api");
            one.release("api");
        }
    }
}
