package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.net.URI;
import java.net.URISyntaxException;
import org.collectionscheduler.collector.CollectionFailedException;

/**
 * Where a cluster is and how to be let in.
 *
 * @param config complete: nothing more is read from the environment
 * @param origin where it came from, for messages
 */
record ClusterAccess(Config config, String origin) {

    /** Finds the way to the cluster; called for each new connection, so that a mended file is seen without a restart. */
    @FunctionalInterface
    interface Loader {
        /** May run programs that the kubeconfig names, and so take long. */
        ClusterAccess load() throws CollectionFailedException;
    }

    /** Configuration without anything from environment variables, and without retries and HTTP/2 upgrades. */
    static Config emptyConfig() {
        return new ConfigBuilder(Config.empty())
                .withUserAgent("collection-scheduler")
                .withRequestRetryBackoffLimit(0)
                .withHttp2Disable(true)
                .build();
    }

    /** Scheme, host and port of the server: neither a path nor credentials that somebody wrote into the URL. */
    String server() {
        try {
            URI url = new URI(config.getMasterUrl());
            String port = url.getPort() < 0 ? "" : ":" + url.getPort();
            return url.getScheme() + "://" + url.getHost() + port;
        } catch (URISyntaxException e) {
            return "a server whose URL is not valid";
        }
    }
}
