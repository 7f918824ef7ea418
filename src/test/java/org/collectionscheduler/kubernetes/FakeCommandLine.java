package org.collectionscheduler.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Serves a cluster until the process is ended, and prints where. Options, each followed by its value:
 *
 * <ul>
 *   <li>{@code --port --namespaces --pods --nodes --seed}, and the plural of any other kind: numbers
 *   <li>{@code --padding}: further bytes of each object
 *   <li>{@code --latency}: milliseconds before each answer
 *   <li>{@code --token}: the bearer token to ask for
 *   <li>{@code --kubeconfig}: the file to write
 *   <li>{@code --churn --churn-versions}: percent of the objects that come and go, and over how many versions
 *   <li>{@code --without}: kinds that are not served, with commas between
 * </ul>
 *
 * and without one: {@code --no-remaining-item-count}, {@code --no-tables}, {@code --no-protobuf}, {@code --record} (requests are kept).
 */
final class FakeCommandLine {

    private static final Set<String> NUMBERS =
            Set.of("--port", "--seed", "--padding", "--latency", "--churn", "--churn-versions");
    private static final Set<String> TEXTS = Set.of("--token", "--kubeconfig", "--without");
    private static final Set<String> FLAGS =
            Set.of("--no-remaining-item-count", "--no-tables", "--no-protobuf", "--record");

    private final Map<String, String> options = new HashMap<>();

    private FakeCommandLine(String[] args) {
        Iterator<String> words = List.of(args).iterator();
        while (words.hasNext()) {
            String name = words.next();
            boolean flag = FLAGS.contains(name);
            boolean counted = name.startsWith("--") && FakeKind.ofPlural(name.substring(2)) != null;
            if (!flag && !counted && !NUMBERS.contains(name) && !TEXTS.contains(name)) {
                throw new IllegalArgumentException(name + " is no option");
            }
            if (!flag && !words.hasNext()) {
                throw new IllegalArgumentException(name + " has no value");
            }
            options.put(name, flag ? "" : words.next());
        }
    }

    static void serve(String[] args) throws Exception {
        try (FakeKubernetesApi api = start(args)) {
            System.out.println(api.url());
            new CountDownLatch(1).await();
        }
    }

    static FakeKubernetesApi start(String... args) {
        FakeCommandLine line = new FakeCommandLine(args);
        FakeKubernetesApi api = FakeKubernetesApi.start(line.cluster(), line.number("--port", 0), null);
        line.configure(api);
        return api;
    }

    private FakeCluster cluster() {
        FakeCluster cluster = FakeCluster.of(number("--namespaces", 10), number("--pods", 100), number("--nodes", 5))
                .withSeed(number("--seed", 42))
                .withPadding(number("--padding", 0));
        for (FakeKind kind : FakeKind.values()) {
            String count = options.get("--" + kind.plural());
            if (count != null && kind != FakeKind.NAMESPACES) {
                cluster = cluster.with(kind.plural(), Integer.parseInt(count));
            }
        }
        for (String absent : options.getOrDefault("--without", "").split(",")) {
            cluster = absent.isEmpty() ? cluster : cluster.without(absent);
        }
        if (options.containsKey("--churn")) {
            cluster = cluster.withChurn(number("--churn", 0), number("--churn-versions", 100));
        }
        cluster = options.containsKey("--no-tables") ? cluster.withoutTables() : cluster;
        cluster = options.containsKey("--no-protobuf") ? cluster.withoutProtobuf() : cluster;
        return options.containsKey("--no-remaining-item-count") ? cluster.withoutRemainingItemCount() : cluster;
    }

    private void configure(FakeKubernetesApi api) {
        String token = options.get("--token");
        api.requireToken(token);
        api.delay(Duration.ofMillis(number("--latency", 0)));
        if (!options.containsKey("--record")) {
            api.stopRecording();
        }
        String file = options.get("--kubeconfig");
        if (file != null) {
            api.writeKubeconfig(Path.of(file), token == null ? new String[0] : new String[] {"token: " + token});
        }
    }

    private int number(String name, int otherwise) {
        String value = options.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
