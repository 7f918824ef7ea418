package org.collectionscheduler.kubernetes;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;

/**
 * The places where the way to a cluster may be written down. {@code KUBECONFIG} comes first, then
 * {@code ~/.kube/config}, then the service account of the pod.
 *
 * @param kubeconfig value of {@code KUBECONFIG}: one or several paths; null or blank when it is not set
 * @param home the user's home directory; null when it has none
 * @param serviceHost value of {@code KUBERNETES_SERVICE_HOST}; null or blank outside of a pod
 * @param servicePort value of {@code KUBERNETES_SERVICE_PORT}; null for the standard port
 * @param serviceAccount directory where a pod finds its token and the cluster's CA
 */
record ClusterLocations(
        @Nullable String kubeconfig,
        @Nullable String home,
        @Nullable String serviceHost,
        @Nullable String servicePort,
        Path serviceAccount)
        implements ClusterAccess.Loader {

    static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    @Override
    public ClusterAccess load() throws CollectionFailedException {
        if (kubeconfig != null && !kubeconfig.isBlank()) {
            return new Kubeconfig(paths(kubeconfig), "KUBECONFIG").load();
        }
        Path ofHome = home == null || home.isBlank() ? null : Path.of(home, ".kube", "config");
        if (ofHome != null && Files.isRegularFile(ofHome)) {
            return new Kubeconfig(List.of(ofHome), "~/.kube/config").load();
        }
        if (serviceHost != null && !serviceHost.isBlank()) {
            return new ServiceAccount(serviceHost, servicePort, serviceAccount).load();
        }
        throw CollectionFailedException.lasting(
                "no way to a Kubernetes cluster is configured: set KUBECONFIG to a kubeconfig file, or put one at"
                        + " ~/.kube/config, or run in a pod; or set scheduler.source to host",
                null);
    }

    private static List<Path> paths(String value) {
        return Arrays.stream(value.split(File.pathSeparator))
                .filter(path -> !path.isBlank())
                .map(path -> Path.of(path.trim()))
                .toList();
    }
}
