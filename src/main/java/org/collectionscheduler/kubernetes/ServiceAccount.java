package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.nio.file.Files;
import java.nio.file.Path;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;

/** The way from a pod to its own cluster. */
record ServiceAccount(String host, @Nullable String port, Path directory) {

    ClusterAccess load() throws CollectionFailedException {
        Path token = directory.resolve("token");
        Path ca = directory.resolve("ca.crt");
        for (Path file : new Path[] {token, ca}) {
            if (!Files.isReadable(file)) {
                throw CollectionFailedException.lasting(
                        file + " cannot be read: set automountServiceAccountToken to true for this pod and its service"
                                + " account, or set KUBECONFIG",
                        null);
            }
        }
        Config config = ClusterAccess.emptyConfig();
        String authority = host.contains(":") ? "[" + host + "]" : host;
        config.setMasterUrl("https://" + authority + ":" + (port == null || port.isBlank() ? "443" : port.trim()));
        config.setCaCertFile(ca.toString());
        config.setOauthTokenProvider(new TokenFile(token));
        return new ClusterAccess(config, "the pod's service account in " + directory);
    }
}
