package org.collectionscheduler.collector;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.springframework.core.env.Environment;

/** Where the built-in collectors look: {@code scheduler.source}. */
public enum Source {
    KUBERNETES,
    HOST;

    /** The setting that decides. */
    public static final String KEY = "scheduler.source";

    /**
     * Decides from what is configured, never from what is reachable: an outage must not turn a cluster into a host.
     * {@code auto} means Kubernetes in a pod or where a kubeconfig is set, else the host.
     *
     * @return empty when the setting is none of {@code kubernetes}, {@code host} and {@code auto}
     */
    public static Optional<Source> decide(Environment environment) {
        String configured = environment.getProperty(KEY, "auto").trim().toLowerCase(Locale.ROOT);
        return switch (configured) {
            case "kubernetes" -> Optional.of(KUBERNETES);
            case "host" -> Optional.of(HOST);
            case "auto", "" -> Optional.of(inPod(environment) || kubeconfigSet(environment) ? KUBERNETES : HOST);
            default -> Optional.empty();
        };
    }

    /** The name used in configuration and in the {@code kind} of a payload. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static boolean inPod(Environment environment) {
        return !environment.getProperty("KUBERNETES_SERVICE_HOST", "").isBlank();
    }

    private static boolean kubeconfigSet(Environment environment) {
        if (!environment.getProperty("KUBECONFIG", "").isBlank()) {
            return true;
        }
        String home = environment.getProperty("user.home", "");
        return !home.isBlank() && Files.isRegularFile(Path.of(home, ".kube", "config"));
    }
}
