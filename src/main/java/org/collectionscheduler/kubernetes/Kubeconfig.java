package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.Context;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.internal.KubeConfigUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.CollectionFailedException;
import org.jspecify.annotations.Nullable;

/**
 * The way to a cluster that kubeconfig files tell; of several, the first that sets a value wins, and those that do not
 * exist are passed over, as kubectl does.
 *
 * @param setting who named the files, for messages
 */
record Kubeconfig(List<Path> files, String setting) {

    ClusterAccess load() throws CollectionFailedException {
        List<io.fabric8.kubernetes.api.model.Config> parsed = parse();
        Context context = currentContext(parsed);
        requireCluster(parsed, context.getCluster());
        Config config = ClusterAccess.emptyConfig();
        try {
            KubeConfigUtils.merge(config, null, parsed.toArray(io.fabric8.kubernetes.api.model.Config[]::new));
        } catch (KubernetesClientException e) {
            throw failure("its user's credential program (exec) cannot be run; run kubectl with this file to see why");
        }
        if (context.getUser() != null && !context.getUser().isEmpty()) {
            takeTokenOf(context.getUser(), parsed, config);
        }
        return new ClusterAccess(config, "the kubeconfig " + names());
    }

    private Context currentContext(List<io.fabric8.kubernetes.api.model.Config> parsed)
            throws CollectionFailedException {
        for (io.fabric8.kubernetes.api.model.Config candidate : parsed) {
            for (io.fabric8.kubernetes.api.model.Config file : parsed) {
                for (NamedContext named : file.getContexts()) {
                    if (named.getContext() != null && Objects.equals(named.getName(), candidate.getCurrentContext())) {
                        return named.getContext();
                    }
                }
            }
        }
        throw failure("it has no context of the name in current-context; run: kubectl config use-context");
    }

    private List<io.fabric8.kubernetes.api.model.Config> parse() throws CollectionFailedException {
        List<io.fabric8.kubernetes.api.model.Config> parsed = new ArrayList<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                parsed.add(parse(file));
            }
        }
        if (parsed.isEmpty()) {
            throw failure("the file does not exist; correct " + setting);
        }
        return parsed;
    }

    /** The parser's own message is dropped, for it may quote credentials. */
    private io.fabric8.kubernetes.api.model.Config parse(Path file) throws CollectionFailedException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw failure(file + " cannot be read; correct its permissions or " + setting);
        }
        try {
            io.fabric8.kubernetes.api.model.Config config = KubeConfigUtils.parseConfig(file.toFile());
            if (config != null) {
                return config;
            }
        } catch (KubernetesClientException | NullPointerException e) {
            throw failure(file + " is not a kubeconfig in YAML; check it with: kubectl config view");
        }
        throw failure(file + " is empty");
    }

    private void requireCluster(List<io.fabric8.kubernetes.api.model.Config> parsed, @Nullable String cluster)
            throws CollectionFailedException {
        boolean known = parsed.stream()
                .flatMap(config -> config.getClusters().stream())
                .filter(named -> Objects.equals(named.getName(), cluster))
                .anyMatch(named -> named.getCluster() != null
                        && named.getCluster().getServer() != null
                        && !named.getCluster().getServer().isBlank());
        if (!known) {
            throw failure("the cluster of its current context is missing or has no server");
        }
    }

    /** fabric8 passes over {@code tokenFile}, and looks for new tokens at every request when there is none. */
    private void takeTokenOf(String user, List<io.fabric8.kubernetes.api.model.Config> parsed, Config config)
            throws CollectionFailedException {
        NamedAuthInfo named = parsed.stream()
                .flatMap(file -> file.getUsers().stream())
                .filter(candidate -> user.equals(candidate.getName()) && candidate.getUser() != null)
                .findFirst()
                .orElseThrow(() -> failure("the user of its current context is missing"));
        AuthInfo auth = named.getUser();
        if (auth.getTokenFile() != null && !auth.getTokenFile().isBlank()) {
            Path base = config.getFileWithAuthInfo() == null
                    ? files.get(0)
                    : config.getFileWithAuthInfo().toPath();
            config.setOauthTokenProvider(new TokenFile(
                    base.toAbsolutePath().resolveSibling(auth.getTokenFile().trim())));
        } else if (config.getAutoOAuthToken() == null && config.getAuthProvider() == null) {
            config.setOauthTokenProvider(() -> "");
        }
    }

    private CollectionFailedException failure(String problem) {
        return CollectionFailedException.lasting("the kubeconfig " + names() + " cannot be used: " + problem, null);
    }

    private String names() {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
