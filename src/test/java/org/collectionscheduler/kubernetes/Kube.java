package org.collectionscheduler.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;

/** The collectors, joined to a kubeconfig by the same classes as in the service, with bounds that a test can wait for. */
final class Kube implements AutoCloseable {

    static final String PODS = "/api/v1/pods";
    static final String SERVICES = "/api/v1/services";
    static final String NODES = "/api/v1/nodes";
    static final String NAMESPACES = "/api/v1/namespaces";
    static final String KUBE_SYSTEM = "/api/v1/namespaces/kube-system";

    /** As many requests a second as may be set. */
    static final int FAST = 10_000;

    /** Asks again at once, and is as patient with a machine that has much else to do as the service is. */
    static final ClientSettings QUICK = new ClientSettings(
            new RequestLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), 64L << 20),
            new RetryPolicy(3, Duration.ofMillis(5), Duration.ofMillis(20)),
            new PageLimits(500, 40));

    /** For a server that falls silent. */
    private static final ClientSettings IMPATIENT = new ClientSettings(
            new RequestLimits(Duration.ofSeconds(2), Duration.ofMillis(300), Duration.ofSeconds(20), 64L << 20),
            QUICK.retry(),
            QUICK.pages());

    private final KubernetesConnections connections;
    private final KubernetesAttempts attempts;

    Kube(ClusterAccess.Loader loader, RequestGate gate, ClientSettings settings) {
        this.connections = new KubernetesConnections(loader, settings.request());
        this.attempts = new KubernetesAttempts(connections, () -> gate, settings, System::nanoTime);
    }

    static Kube of(Path kubeconfig) {
        return of(kubeconfig, QUICK);
    }

    static Kube of(Path kubeconfig, ClientSettings settings) {
        return of(kubeconfig, FAST, settings);
    }

    static Kube of(Path kubeconfig, int requestsPerSecond, ClientSettings settings) {
        return new Kube(
                new ClusterLocations(kubeconfig.toString(), null, null, null, Path.of("/nowhere")),
                new RequestGate(requestsPerSecond, System::nanoTime),
                settings);
    }

    /** Does not wait long for a server that is told to be silent. */
    static Kube suitedTo(Misbehaviour misbehaviour, Path kubeconfig) {
        return of(kubeconfig, silent(misbehaviour) ? IMPATIENT : QUICK);
    }

    static boolean silent(Misbehaviour misbehaviour) {
        return misbehaviour.type() == Misbehaviour.Type.SILENT || misbehaviour.type() == Misbehaviour.Type.STALL;
    }

    Collected metadata() throws CollectionFailedException {
        return metadata(TestContext.lasting(Duration.ofSeconds(30)));
    }

    Collected metadata(CollectionContext context) throws CollectionFailedException {
        return new ClusterMetadataCollector(attempts).collect(context);
    }

    Collected inventory() throws CollectionFailedException {
        return inventory(TestContext.lasting(Duration.ofSeconds(30)));
    }

    Collected inventory(CollectionContext context) throws CollectionFailedException {
        return new ResourceInventoryCollector(attempts).collect(context);
    }

    /** The value under nested keys; null where one is missing. */
    static @Nullable Object at(Collected collected, String... keys) {
        Object value = collected.data();
        for (String key : keys) {
            value = value instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return value;
    }

    @Override
    public void close() {
        connections.close();
    }
}
