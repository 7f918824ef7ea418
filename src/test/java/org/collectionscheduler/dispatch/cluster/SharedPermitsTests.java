package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.collectionscheduler.run.DeploymentLimits.Counted;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.TestRuns;
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
        try (SharedPermits one = new SharedPermits(server, TestRuns.anInstance());
                SharedPermits other = new SharedPermits(server, TestRuns.anInstance())) {
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
        SharedPermits one = new SharedPermits(server, TestRuns.anInstance());
        try (SharedPermits other = new SharedPermits(server, TestRuns.anInstance())) {
            assertThat(one.tryAcquire("api", 1)).isPresent();
            assertThat(other.tryAcquire("api", 1)).isEmpty();

            one.close();

            await().until(() -> other.tryAcquire("api", 1).isPresent());
        }
    }

    @Test
    void oneThatIsStoppedLosesItsOwnWhenItCountsAsEnded() {
        Instance stopped = TestRuns.anInstance();
        try (SharedPermits one = new SharedPermits(server, stopped);
                SharedPermits other = new SharedPermits(server, TestRuns.anInstance());
                HikariDataSource pool = server.pool("instances", 1)) {
            InstanceTable table = new InstanceTable(pool, Duration.ofSeconds(4));
            assertThat(one.tryAcquire("api", 1)).isPresent();
            String before = SharedPermits.session(stopped.id());
            stopped.beginAnotherLife();
            assertThat(one.tryAcquire("another", 1)).isPresent();
            table.cutOff(before);
            assertThat(other.tryAcquire("api", 1))
                    .as("that is another one by now")
                    .isEmpty();

            table.cutOff(SharedPermits.session(stopped.id()));

            await().until(() -> other.tryAcquire("api", 1).isPresent());
        }
    }

    @Test
    void namesThatDifferAtTheirEndDifferHoweverLongTheyAre() {
        String host = "h".repeat(80);

        assertThat(SharedPermits.session("12@" + host + "-abcd"))
                .hasSize(63)
                .isNotEqualTo(SharedPermits.session("12@" + host + "-abcd-2"));
    }

    @Test
    void oneThatHasEndedCountsNothingMore() {
        SharedPermits one = new SharedPermits(server, TestRuns.anInstance());
        Counted before = one.tryAcquire("api", 2).orElseThrow();
        one.close();

        assertThat(one.tryAcquire("api", 2)).isEmpty();
        before.release();

        await().until(() -> locks() == 0);
    }

    @Test
    void oneThatWasCutOffGoesOnWithAnotherConnection() {
        try (SharedPermits one = new SharedPermits(server, TestRuns.anInstance())) {
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
        try (SharedPermits one = new SharedPermits(server, TestRuns.anInstance());
                SharedPermits other = new SharedPermits(server, TestRuns.anInstance())) {
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
