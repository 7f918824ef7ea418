package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.collectionscheduler.collector.CollectionFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KubernetesConnectionsTests {

    private final AtomicInteger loads = new AtomicInteger();
    private final KubernetesConnections connections = new KubernetesConnections(this::load, RequestLimits.DEFAULTS);
    private final TestContext context = TestContext.lasting(Duration.ofSeconds(20));

    @AfterEach
    void close() {
        connections.close();
    }

    @Test
    void attemptsShareOneConnection() throws Exception {
        try (var one = connections.lease(context);
                var two = connections.lease(context)) {
            assertThat(one.connection()).isSameAs(two.connection());
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void aRetiredConnectionIsReplacedAndClosedByItsLastUser() throws Exception {
        try (var one = connections.lease(context);
                var two = connections.lease(context)) {
            one.retire();
            one.close();
            try (var three = connections.lease(context)) {
                assertThat(three.connection()).isNotSameAs(two.connection());
            }
            assertThat(prepared(two.connection())).isTrue();
            two.close();
            assertThatThrownBy(() -> prepared(two.connection())).isInstanceOf(Exception.class);
            two.retire();
        }
    }

    @Test
    void nothingIsLeasedAfterTheEnd() {
        connections.close();

        assertThatThrownBy(() -> connections.lease(context))
                .isInstanceOf(CollectionFailedException.class)
                .hasMessageContaining("stopping");
        assertThat(loads).hasValue(0);
    }

    private static boolean prepared(KubernetesConnection connection)
            throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
        Future<?> request = connection.prepare(ServerVersion.REQUEST);
        return request.get(5, TimeUnit.SECONDS) != null;
    }

    private ClusterAccess load() {
        loads.incrementAndGet();
        Config config = ClusterAccess.emptyConfig();
        config.setMasterUrl("http://127.0.0.1:1");
        return new ClusterAccess(config, "a test");
    }
}
