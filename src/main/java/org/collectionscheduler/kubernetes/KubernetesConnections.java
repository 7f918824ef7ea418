package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that all attempts share: opened by the first that needs it, opened anew after an attempt that
 * failed with it, and closed when nobody uses it any more. Safe for use by several threads.
 */
final class KubernetesConnections implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(KubernetesConnections.class);
    private static final Duration LONGEST_OPENING = Duration.ofSeconds(30);

    private final ClusterAccess.Loader loader;
    private final RequestLimits limits;
    private final ExecutorService executor =
            Executors.newSingleThreadExecutor(new NamedThreads("kubernetes-configuration"));
    private @Nullable Future<KubernetesConnection> opening;
    private @Nullable Shared current;
    private boolean closed;

    KubernetesConnections(ClusterAccess.Loader loader, RequestLimits limits) {
        this.loader = loader;
        this.limits = limits;
    }

    /** A connection in use; closing it gives it back. */
    final class Lease implements AutoCloseable {

        private final Shared shared;

        private Lease(Shared shared) {
            this.shared = shared;
        }

        KubernetesConnection connection() {
            return shared.connection;
        }

        /** The next lease gets another connection, whose configuration and certificates are read anew. */
        void retire() {
            synchronized (KubernetesConnections.this) {
                shared.retired = true;
                if (current == shared) {
                    current = null;
                }
            }
        }

        @Override
        public void close() {
            giveBack(shared);
        }
    }

    private static final class Shared {
        private final KubernetesConnection connection;
        private int users;
        private boolean retired;

        private Shared(KubernetesConnection connection) {
            this.connection = connection;
        }
    }

    /**
     * Waits for the configuration to be read where that is needed, at most half a minute and the attempt's time.
     *
     * @throws CollectionFailedException when there is no configuration that can be used
     */
    Lease lease(CollectionContext context) throws CollectionFailedException {
        for (int round = 0; round < 3; round++) {
            Future<KubernetesConnection> future = opening();
            Lease lease = take(future, future == null ? null : await(future, context));
            if (lease != null) {
                return lease;
            }
        }
        throw CollectionFailedException.passing(
                "the connection to the cluster failed in other attempts meanwhile", null);
    }

    /** Closes the connection as soon as no attempt uses it; attempts that come later fail. */
    @Override
    public synchronized void close() {
        closed = true;
        executor.shutdownNow();
        Shared shared = current;
        if (shared != null) {
            current = null;
            shared.retired = true;
            closeIfUnused(shared);
        }
    }

    /** The opening to wait for; null when a connection stands. */
    private synchronized @Nullable Future<KubernetesConnection> opening() throws CollectionFailedException {
        if (closed) {
            throw stopping();
        }
        if (current != null) {
            return null;
        }
        if (opening == null) {
            opening = executor.submit(() -> KubernetesConnection.open(loader.load(), limits.connect()));
        }
        return opening;
    }

    private KubernetesConnection await(Future<KubernetesConnection> future, CollectionContext context)
            throws CollectionFailedException {
        Duration bound = context.remaining().compareTo(LONGEST_OPENING) < 0 ? context.remaining() : LONGEST_OPENING;
        try {
            return future.get(bound.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            forget(future);
            if (e.getCause() instanceof CollectionFailedException failure) {
                throw failure;
            }
            throw CollectionFailedException.passing("the Kubernetes configuration cannot be read", e.getCause());
        } catch (TimeoutException e) {
            throw CollectionFailedException.passing(
                    "reading the Kubernetes configuration took longer than " + bound.toSeconds()
                            + " s: check the credential program (exec) that the kubeconfig names",
                    null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Patience.cancelled().toFailure();
        }
    }

    /** @return null when the connection that was opened has been given up meanwhile */
    private synchronized @Nullable Lease take(
            @Nullable Future<KubernetesConnection> future, @Nullable KubernetesConnection opened)
            throws CollectionFailedException {
        if (opened != null && opening == future) {
            opening = null;
            current = new Shared(opened);
            log.atInfo()
                    .addKeyValue("server", opened.access().server())
                    .addKeyValue("origin", opened.access().origin())
                    .log("kubernetes connection configured");
        }
        Shared shared = current;
        if (shared == null) {
            return null;
        }
        if (closed) {
            shared.retired = true;
            closeIfUnused(shared);
            throw stopping();
        }
        shared.users++;
        return new Lease(shared);
    }

    private synchronized void forget(Future<KubernetesConnection> failed) {
        if (opening == failed) {
            opening = null;
        }
    }

    private synchronized void giveBack(Shared shared) {
        shared.users--;
        closeIfUnused(shared);
    }

    private static void closeIfUnused(Shared shared) {
        if (shared.retired && shared.users == 0) {
            shared.connection.close();
        }
    }

    private static CollectionFailedException stopping() {
        return CollectionFailedException.passing("the service is stopping", null);
    }
}
