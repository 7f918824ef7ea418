package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.collectionscheduler.run.DeploymentLimits.Counted;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.Test;

class SharedPermitsTests {

    /** Numbered locks of two parts, in this database. */
    private static final String NUMBERS = """
            locktype = 'advisory' AND objsubid = 2
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    private final DatabaseServer server = TestStores.server();

    @Test
    void allProcessesTogetherHaveNoMoreThanTheLimit() {
        try (SharedPermits one = new SharedPermits(server);
                SharedPermits other = new SharedPermits(server)) {
            assertThat(one.tryAcquire("api", 3)).isPresent();
            Counted ending = one.tryAcquire("api", 3).orElseThrow();
            assertThat(other.tryAcquire("api", 3)).isPresent();
            assertThat(other.tryAcquire("api", 3)).isEmpty();
            assertThat(one.tryAcquire("api", 3)).isEmpty();
            assertThat(other.tryAcquire("another", 1)).isPresent();

            ending.release();

            assertThat(other.tryAcquire("api", 3)).isPresent();
            assertThat(one.tryAcquire("api", 3)).isEmpty();
        }
    }

    @Test
    void oneThatEndsLeavesItsOwnToOthers() {
        SharedPermits one = new SharedPermits(server);
        try (SharedPermits other = new SharedPermits(server)) {
            assertThat(one.tryAcquire("api", 1)).isPresent();
            assertThat(other.tryAcquire("api", 1)).isEmpty();

            one.close();

            await().until(() -> other.tryAcquire("api", 1).isPresent());
        }
    }

    @Test
    void oneThatHasEndedCountsNothingMore() {
        SharedPermits one = new SharedPermits(server);
        Counted before = one.tryAcquire("api", 2).orElseThrow();
        one.close();

        assertThat(one.tryAcquire("api", 2)).isEmpty();
        before.release();

        await().until(() -> locks() == 0);
    }

    @Test
    void oneThatWasCutOffGoesOnWithAnotherConnection() {
        try (SharedPermits one = new SharedPermits(server)) {
            Counted before = one.tryAcquire("api", 1).orElseThrow();
            cutOff();

            assertThat(one.tryAcquire("api", 2)).as("finds out").isEmpty();
            Counted after = one.tryAcquire("api", 2).orElseThrow();
            assertThat(one.tryAcquire("api", 2)).as("two of its runs go").isEmpty();
            before.release();
            after.release();
            assertThat(locks()).isZero();
        }
    }

    @Test
    void theEndOfARunFromBeforeACutOffFreesNoNumberOfALaterOne() {
        try (SharedPermits one = new SharedPermits(server);
                SharedPermits other = new SharedPermits(server)) {
            Counted before = one.tryAcquire("api", 2).orElseThrow();
            cutOff();
            assertThat(one.tryAcquire("api", 2)).as("finds out").isEmpty();
            Counted after = one.tryAcquire("api", 2).orElseThrow();

            before.release();

            assertThat(other.tryAcquire("api", 1))
                    .as("its number is the later run's")
                    .isEmpty();
            after.release();
            assertThat(other.tryAcquire("api", 1)).isPresent();
        }
    }

    /** Ends every connection that holds a number. */
    private void cutOff() {
        query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE " + NUMBERS);
    }

    private int locks() {
        return query("SELECT 1 FROM pg_locks WHERE " + NUMBERS);
    }

    /** @return how many rows */
    private int query(String sql) {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int count = 0;
            while (rows.next()) {
                count++;
            }
            return count;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
