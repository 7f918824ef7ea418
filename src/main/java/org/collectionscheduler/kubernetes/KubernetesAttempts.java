package org.collectionscheduler.kubernetes;

import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;

/** Gives each attempt its session, and gives up a connection with which an attempt failed. */
final class KubernetesAttempts {

    private final KubernetesConnections connections;
    private final Supplier<RequestGate> gate;
    private final ClientSettings settings;
    private final LongSupplier nanos;

    /**
     * @param gate always the same one; asked for at each attempt
     * @param nanos monotonic time
     */
    KubernetesAttempts(
            KubernetesConnections connections,
            Supplier<RequestGate> gate,
            ClientSettings settings,
            LongSupplier nanos) {
        this.connections = connections;
        this.gate = gate;
        this.settings = settings;
        this.nanos = nanos;
    }

    /** What one collector does with a session. */
    @FunctionalInterface
    interface Work {
        Collected collect(ApiSession session) throws CollectionFailedException;
    }

    Collected make(CollectionContext context, Work work) throws CollectionFailedException {
        try (KubernetesConnections.Lease lease = connections.lease(context)) {
            try {
                return work.collect(new ApiSession(lease.connection(), gate.get(), context, settings, nanos));
            } catch (CollectionFailedException e) {
                lease.retire();
                throw e;
            }
        }
    }
}
