package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.collectionscheduler.cluster.PlayedDatabase;
import org.collectionscheduler.store.DatabaseServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

@Timeout(120)
class NotificationsTests {

    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Instant> due = new CopyOnWriteArrayList<>();
    private final AtomicInteger crashes = new AtomicInteger();

    @Test
    void whoeverListensIsToldWhenTheServerMayHaveLostSomethingAndNotWhenAConnectionWasCut(@TempDir Path directory)
            throws Exception {
        try (PlayedDatabase database = new PlayedDatabase(directory)) {
            DatabaseServer server = new DatabaseServer(
                    database.url(), null, null, new DatabaseServer.Limits(2, Duration.ofSeconds(10)));
            try (HikariDataSource pool = server.pool("notifying", 1)) {
                Notifications notifications = new Notifications(server, pool);
                notifications.start(due::add, () -> {}, crashes::incrementAndGet);
                awaitHeard(notifications);
                assertThat(database.cutConnections()).isPositive();
                awaitHeard(notifications);
                assertThat(crashes).hasValue(0);

                database.kill();
                database.start();
                await().atMost(SOON).until(() -> crashes.get() == 1);
                awaitHeard(notifications);

                ProcessHandle.of(backend(pool)).ifPresent(ProcessHandle::destroyForcibly);
                await().atMost(SOON).until(() -> crashes.get() == 2);
                awaitHeard(notifications);
                notifications.stop();
            }
        }
        assertThat(crashes).hasValue(2);
    }

    private void awaitHeard(Notifications notifications) {
        due.clear();
        await().atMost(SOON).until(() -> {
            notifications.tellDue(Instant.EPOCH);
            return !due.isEmpty();
        });
    }

    private static long backend(HikariDataSource pool) {
        return await().atMost(SOON)
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(
                        () -> JdbcClient.create(pool)
                                .sql("SELECT pg_backend_pid()")
                                .query(Long.class)
                                .single(),
                        pid -> pid > 0);
    }
}
