package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What an inventory costs, beside a plain client in the same run: {@code mvn -Pbench verify}. Each client is a process of
 * its own; requests and bytes are those that the server counted.
 */
class InventoryBench {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration TOO_LONG = Duration.ofSeconds(75);
    private static final List<Integer> PODS = List.of(100, 5_000, 50_000, 150_000);
    private static final List<Integer> NAMESPACES = List.of(10, 1_000, 10_000);
    private static final List<Integer> HEAPS_MB =
            List.of(8, 12, 16, 24, 32, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096, 8192);
    private static final String LIFTED = "10000";
    private static final String DEFAULT_RATE = "20";

    private final List<String> table = new ArrayList<>();

    @TempDir
    Path directory;

    /** @param counted whether the server says how many objects remain: {@code on} or {@code off} */
    private record Case(int pods, int namespaces, String counted) {

        List<String> options() {
            List<String> options = new ArrayList<>(
                    List.of("--pods", "" + pods, "--namespaces", "" + namespaces, "--nodes", "20", "--latency", "5"));
            if (counted.equals("off")) {
                options.add("--no-remaining-item-count");
            }
            return options;
        }

        /** Whether the smallest heap is looked for, which takes many runs. */
        boolean searched() {
            return namespaces == 1_000 && (pods == 5_000 || largest());
        }

        boolean largest() {
            return pods == 150_000;
        }
    }

    /** One client and what it took. */
    private record Measured(long requests, long bytesWire, long bytesDecoded, Map<String, Long> process) {

        long of(String name) {
            return process.getOrDefault(name, -1L);
        }
    }

    @Test
    void measure() throws Exception {
        table.add("| pods | namespaces | remainingItemCount | client | requests | wire kB | decoded kB | ms | CPU ms"
                + " | heap MB | smallest -Xmx |");
        table.add("|---:|---:|---|---|---:|---:|---:|---:|---:|---:|---:|");
        for (int pods : PODS) {
            Map<String, Measured> peers = peers(pods);
            for (int namespaces : NAMESPACES) {
                measure(new Case(pods, namespaces, "on"), peers);
                measure(new Case(pods, namespaces, "off"), peers);
            }
        }
        Path file = Path.of("target", "bench", "inventory.md");
        Files.createDirectories(file.getParent());
        Files.write(file, table);
    }

    /** The plain client reads whatever there is, however it is spread: it is measured once for each number of pods. */
    private Map<String, Measured> peers(int pods) throws Exception {
        Case kind = new Case(pods, 1_000, "on");
        try (FakeServerProcess server = FakeServerProcess.start(directory, kind.options())) {
            Map<String, Measured> peers = new LinkedHashMap<>();
            peers.put("plain", plain(server, kind, "identity"));
            peers.put("plain gzip", plain(server, kind, "gzip"));
            return peers;
        }
    }

    private void measure(Case kind, Map<String, Measured> peers) throws Exception {
        try (FakeServerProcess server = FakeServerProcess.start(directory, kind.options())) {
            ours(server, kind, peers);
        }
    }

    private Measured plain(FakeServerProcess server, Case kind, String encoding) throws Exception {
        String[] arguments = {"plain", server.url(), encoding};
        Measured measured = measured(server, "14g", arguments);
        row(
                kind,
                encoding.equals("gzip") ? "plain gzip" : "plain",
                measured,
                kind.searched() && encoding.equals("identity") ? smallest(arguments) : "");
        return measured;
    }

    private void ours(FakeServerProcess server, Case kind, Map<String, Measured> peers) throws Exception {
        String[] lifted = {"ours", server.kubeconfig().toString(), LIFTED};
        Measured measured = measured(server, "64m", lifted);
        row(kind, "ours", measured, kind.searched() ? smallest(lifted) : "");
        if (kind.largest()) {
            row(
                    kind,
                    "ours, 20/s",
                    measured(server, "64m", "ours", server.kubeconfig().toString(), DEFAULT_RATE),
                    "");
        }
        peers.forEach((name, peer) -> ratios(name, peer, measured));
        ChildJvm jar = ChildJvm.run(
                "64m",
                ChildJvm.jar("collect", "resource-inventory", "--scheduler.kubernetes.requests-per-second=" + LIFTED),
                Map.of("KUBECONFIG", server.kubeconfig().toString()),
                directory,
                PATIENCE);
        assertThat(jar.succeeded()).as(jar.err()).isTrue();
        assertThat(jar.out()).contains("\"pods\":{\"total\":" + kind.pods());
    }

    private Measured measured(FakeServerProcess server, String heap, String... arguments) throws Exception {
        server.reset();
        ChildJvm child = child(heap, PATIENCE, arguments);
        assertThat(child.succeeded()).as(child.err()).isTrue();
        JsonNode stats = server.stats();
        Map<String, Long> process = new HashMap<>();
        for (String pair : lastLine(child.out()).split(" ")) {
            process.put(pair.substring(0, pair.indexOf('=')), Long.parseLong(pair.substring(pair.indexOf('=') + 1)));
        }
        return new Measured(
                stats.path("requests").asLong(),
                stats.path("bytesWire").asLong(),
                stats.path("bytesDecoded").asLong(),
                process);
    }

    /** What comes before is log. */
    private static String lastLine(String out) {
        return out.lines().reduce("", (first, last) -> last);
    }

    /** By halving; a run that takes far too long has too little. */
    private String smallest(String... arguments) throws Exception {
        int low = 0;
        int high = HEAPS_MB.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (child(HEAPS_MB.get(middle) + "m", TOO_LONG, arguments).succeeded()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return HEAPS_MB.get(low) + "m";
    }

    private ChildJvm child(String heap, Duration patience, String... arguments)
            throws IOException, InterruptedException {
        List<String> program = Stream.concat(
                        Stream.of("-XX:+ExitOnOutOfMemoryError"),
                        ChildJvm.onClassPath(BenchClient.class, arguments).stream())
                .toList();
        return ChildJvm.run(heap, program, Map.of(), directory, patience);
    }

    private void row(Case kind, String client, Measured measured, String smallest) {
        print("| %d | %d | %s | %s | %d | %d | %d | %d | %d | %.1f | %s |"
                .formatted(
                        kind.pods(),
                        kind.namespaces(),
                        kind.counted(),
                        client,
                        measured.requests(),
                        measured.bytesWire() / 1000,
                        measured.bytesDecoded() / 1000,
                        measured.of("millis"),
                        measured.of("cpuMillis"),
                        measured.of("heapKb") / 1024.0,
                        smallest));
    }

    private void ratios(String name, Measured peer, Measured ours) {
        print(String.format(
                Locale.ROOT,
                "| | | | %s : ours | %.2f | %.1f | %.1f | %.1f | %.1f | %.1f | |",
                name,
                (double) peer.requests() / ours.requests(),
                (double) peer.bytesWire() / ours.bytesWire(),
                (double) peer.bytesDecoded() / ours.bytesDecoded(),
                (double) peer.of("millis") / ours.of("millis"),
                (double) peer.of("cpuMillis") / ours.of("cpuMillis"),
                (double) peer.of("heapKb") / ours.of("heapKb")));
    }

    private void print(String line) {
        table.add(line);
        System.out.println(line);
    }
}
