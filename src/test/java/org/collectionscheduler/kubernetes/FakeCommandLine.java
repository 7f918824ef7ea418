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
 *   <li>{@code --without}: kinds that are not served, with commas between
 * </ul>
 *
 * and without one: {@code --no-remaining-item-count}, {@code --no-tables}, {@code --no-protobuf}, {@code --record} (requests are kept).
 */
final class FakeCommandLine {

    private static final Set<String> FLAGS =
            Set.of("--no-remaining-item-count", "--no-tables", "--no-protobuf", "--record");

    private final Map<String, String> options = new HashMap<>();

    private FakeCommandLine(String[] args) {
        Iterator<String> words = List.of(args).iterator();
        while (words.hasNext()) {
            String name = words.next();
            boolean flag = FLAGS.contains(name);
            if (!name.startsWith("--") || (!flag && !words.hasNext())) {
                throw new IllegalArgumentException(name + " is no option, or its value is missing");
            }
            options.put(name, flag ? "" : words.next());
        }
    }

    static void serve(String[] args) throws Exception {
        FakeCommandLine line = new FakeCommandLine(args);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(line.cluster(), line.number("--port", 0), null)) {
            line.configure(api);
            System.out.println(api.url());
            new CountDownLatch(1).await();
        }
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
