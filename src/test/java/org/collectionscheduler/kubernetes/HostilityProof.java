package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every misbehaviour over {@code java -Xmx64m -jar … collect}: of the pods alone, and of the whole server. */
class HostilityProof {

    /** Four silent tries of half a minute are the longest; machines are slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final List<String> PARTS =
            List.of("namespaces", "deployments", "services", "jobs", "ingresses", "persistentVolumes", "replicaSets");

    @TempDir
    Path directory;

    private record Trial(String name, Misbehaviour misbehaviour, String reason, String path) {

        boolean whole() {
            return path.equals("*");
        }
    }

    private record Verdict(Trial trial, ChildJvm child) {

        String row() {
            String message = trial.whole()
                    ? child.err().strip()
                    : podsOf(child).path("reason").asString("");
            String line = message.lines().reduce("", (first, last) -> last);
            return "| %s | %s | %d | %.1f s | %s |"
                    .formatted(
                            trial.name(),
                            trial.path(),
                            child.status(),
                            child.time().toMillis() / 1000.0,
                            line);
        }
    }

    @Test
    void endsInBoundedTimeAndMemoryWithAMessageThatHelps() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4, new NamedThreads("trial"));
        try {
            List<Future<Verdict>> trials = new ArrayList<>();
            for (Trial trial : trials()) {
                trials.add(threads.submit(() -> attempt(trial)));
            }
            List<String> table =
                    new ArrayList<>(List.of("| misbehaviour | of | exit | time | says |", "|---|---|---:|---:|---|"));
            List<Verdict> verdicts = new ArrayList<>();
            for (Future<Verdict> trial : trials) {
                Verdict verdict = trial.get(PATIENCE.toSeconds() * 4, TimeUnit.SECONDS);
                verdicts.add(verdict);
                table.add(verdict.row());
                System.out.println(verdict.row());
            }
            Path file = Path.of("target", "proof", "hostility.md");
            Files.createDirectories(file.getParent());
            Files.write(file, table);
            verdicts.forEach(HostilityProof::check);
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        HostileServerTests.misbehaviours().forEach(arguments -> {
            String name = (String) arguments.get()[0];
            Misbehaviour misbehaviour = (Misbehaviour) arguments.get()[1];
            String reason = ((String) arguments.get()[2])
                    .replace("300 ms", "30 s")
                    .replace("40 pages", PageLimits.DEFAULTS.maxPages() + " pages");
            trials.add(new Trial(name, misbehaviour, reason, Kube.PODS));
            trials.add(new Trial(name, misbehaviour, reason, "*"));
        });
        return trials;
    }

    private Verdict attempt(Trial trial) throws IOException, InterruptedException {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 700, 2))) {
            api.misbehave(trial.path(), trial.misbehaviour());
            Path own = Files.createTempDirectory(directory, "trial");
            Path kubeconfig = api.writeKubeconfig(own.resolve("kubeconfig"));
            ChildJvm child = ChildJvm.run(
                    "64m",
                    ChildJvm.jar("collect", "resource-inventory", "--scheduler.kubernetes.requests-per-second=10000"),
                    Map.of("KUBECONFIG", kubeconfig.toString()),
                    own,
                    PATIENCE);
            assertThat(api.requests())
                    .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
            return new Verdict(trial, child);
        }
    }

    private static void check(Verdict verdict) {
        Trial trial = verdict.trial();
        ChildJvm child = verdict.child();
        assertThat(child.out() + child.err()).as(trial.name()).doesNotContain(FakeCluster.MARK, "\tat ", "OutOfMemory");
        if (trial.whole()) {
            assertThat(child.status()).as(trial.name() + ": " + child.err()).isEqualTo(1);
            assertThat(child.out()).as(trial.name()).isEmpty();
            assertThat(child.err().lines().filter(line -> line.contains("resource-inventory failed: ")))
                    .as(trial.name())
                    .singleElement()
                    .asString()
                    .contains(trial.reason());
        } else {
            assertThat(child.status()).as(trial.name() + ": " + child.err()).isZero();
            assertThat(podsOf(child).path("status").asString()).as(trial.name()).isEqualTo("unavailable");
            assertThat(podsOf(child).path("reason").asString()).as(trial.name()).contains(trial.reason());
            assertThat(PARTS)
                    .as(trial.name())
                    .allMatch(part ->
                            section(child, part).path("status").asString().equals("ok"));
        }
    }

    private static JsonNode podsOf(ChildJvm child) {
        return section(child, "pods");
    }

    private static JsonNode section(ChildJvm child, String name) {
        JsonMapper mapper = JsonMapper.shared();
        JsonNode payload = child.out().startsWith("{") ? mapper.readTree(child.out()) : mapper.missingNode();
        return payload.path("sections").path(name);
    }
}
