package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every misbehaviour over {@code java -Xmx64m -jar … collect}: of the pods alone or of the whole server, each day the other
 * way, or with {@code -Dproof.all=true} both ways.
 */
class HostilityProof {

    /** Four silent tries of half a minute are the longest, where nothing else is done; machines are slow. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Most of what such a process costs is its start, for which the JVM need not compile twice. */
    private static final List<String> QUICK_START = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final List<String> PARTS =
            List.of("namespaces", "deployments", "services", "jobs", "ingresses", "persistentVolumes", "replicaSets");

    @TempDir
    Path directory;

    private final List<FakeKubernetesApi> others = new CopyOnWriteArrayList<>();

    /** What is right for a misbehaviour. */
    private enum Right {
        /** Exit 0, the pods missing with the reason, everything else there. */
        PODS_MISSING,
        /** Exit 1, one line with the reason. */
        FAILED,
        /** Exit 0, everything there. */
        WHOLE
    }

    /** Sets the server up and returns the kubeconfig by which it is reached. */
    @FunctionalInterface
    private interface Setting {
        Path prepare(FakeKubernetesApi api, Path directory) throws Exception;
    }

    private record Trial(String name, Setting setting, Right right, String reason) {

        static Trial of(String name, String path, Misbehaviour misbehaviour, Right right, String reason) {
            return new Trial(
                    name + " (" + path + ")",
                    (api, directory) -> {
                        api.misbehave(path, misbehaviour);
                        return api.writeKubeconfig(directory.resolve("kubeconfig"));
                    },
                    right,
                    reason);
        }
    }

    private record Verdict(Trial trial, ChildJvm child) {

        String row() {
            String message = trial.right() == Right.FAILED
                    ? child.err().strip().lines().reduce("", (first, last) -> last)
                    : podsOf(child).path("reason").asString("");
            return "| %s | %d | %.1f s | %s |"
                    .formatted(trial.name(), child.status(), child.time().toMillis() / 1000.0, message);
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
                    new ArrayList<>(List.of("| misbehaviour | exit | time | says |", "|---|---:|---:|---|"));
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

    private List<Trial> trials() throws Exception {
        List<Trial> trials = new ArrayList<>();
        boolean all = Boolean.getBoolean("proof.all");
        AtomicBoolean wholeServer =
                new AtomicBoolean(LocalDate.now(ZoneOffset.UTC).toEpochDay() % 2 == 0);
        HostileServerTests.misbehaviours().forEach(arguments -> {
            String name = (String) arguments.get()[0];
            Misbehaviour misbehaviour = (Misbehaviour) arguments.get()[1];
            String reason = ((String) arguments.get()[2])
                    .replace("300 ms", "30 s")
                    .replace("40 pages", PageLimits.DEFAULTS.maxPages() + " pages");
            boolean whole = wholeServer.getAndSet(!wholeServer.get());
            if (all || !whole) {
                trials.add(Trial.of(name, Kube.PODS, misbehaviour, Right.PODS_MISSING, reason));
            }
            if (all || whole) {
                trials.add(Trial.of(name, "*", misbehaviour, Right.FAILED, reason));
            }
        });
        HostileServerTests.oddities()
                .forEach(arguments -> trials.add(Trial.of(
                        (String) arguments.get()[0],
                        Kube.PODS,
                        (Misbehaviour) arguments.get()[1],
                        Right.WHOLE,
                        "")));
        trials.add(Trial.of(
                "an object far too deep", Kube.PODS, Misbehaviour.deep(10_000), Right.PODS_MISSING, "within bounds"));
        trials.add(Trial.of(
                "an endless list of full pages",
                Kube.PODS,
                Misbehaviour.endless(PageLimits.DEFAULTS.pageSize()),
                Right.PODS_MISSING,
                "has not ended after " + PageLimits.DEFAULTS.maxPages() + " pages"));
        trials.addAll(ofCredentials());
        return trials;
    }

    private List<Trial> ofCredentials() throws Exception {
        TestCertificate stranger = TestCertificate.make(directory, "stranger");
        return List.of(
                new Trial(
                        "a token that is refused",
                        (api, own) -> {
                            api.requireToken("another");
                            return api.writeKubeconfig(own.resolve("kubeconfig"), "token: zqsecret-token");
                        },
                        Right.FAILED,
                        "refused the credentials (401)"),
                new Trial(
                        "a token that is rotated half-way",
                        (api, own) -> {
                            api.requireToken("first");
                            api.rotateTokenAfter(6, "second");
                            return api.writeKubeconfig(own.resolve("kubeconfig"), "token: first");
                        },
                        Right.FAILED,
                        "refused the credentials (401)"),
                new Trial(
                        "a CA that did not sign the server's certificate",
                        (api, own) -> behindTls(own, stranger),
                        Right.FAILED,
                        "is not trusted: correct certificate-authority"),
                new Trial(
                        "a server whose clock is hours ahead",
                        (api, own) -> {
                            api.misbehave(
                                    "*", Misbehaviour.clockSkew(503, Duration.ofHours(5), Duration.ofSeconds(1)), 1);
                            return api.writeKubeconfig(own.resolve("kubeconfig"));
                        },
                        Right.WHOLE,
                        ""));
    }

    /** A server of another certificate; it ends with this test. */
    private Path behindTls(Path own, TestCertificate trusted) throws Exception {
        TestCertificate served = TestCertificate.make(own, "served");
        FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 700, 2), 0, served.serverContext());
        others.add(api);
        return api.writeKubeconfig(
                own.resolve("kubeconfig"), List.of("certificate-authority: " + trusted.pem()), List.of());
    }

    @AfterEach
    void closeOthers() throws IOException {
        for (FakeKubernetesApi api : others) {
            api.close();
        }
    }

    private Verdict attempt(Trial trial) throws Exception {
        try (FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 700, 2))) {
            Path own = Files.createTempDirectory(directory, "trial");
            Path kubeconfig = trial.setting().prepare(api, own);
            List<String> program = new ArrayList<>(QUICK_START);
            program.addAll(
                    ChildJvm.jar("collect", "resource-inventory", "--scheduler.kubernetes.requests-per-second=10000"));
            ChildJvm child = ChildJvm.run("64m", program, Map.of("KUBECONFIG", kubeconfig.toString()), own, PATIENCE);
            assertThat(api.requests())
                    .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
            return new Verdict(trial, child);
        }
    }

    private static void check(Verdict verdict) {
        Trial trial = verdict.trial();
        ChildJvm child = verdict.child();
        assertThat(child.out() + child.err()).as(trial.name()).doesNotContain(FakeCluster.MARK, "\tat ", "OutOfMemory");
        assertThat(child.status())
                .as(trial.name() + ": " + child.err())
                .isEqualTo(trial.right() == Right.FAILED ? 1 : 0);
        if (trial.right() == Right.FAILED) {
            assertThat(child.out()).as(trial.name()).isEmpty();
            assertThat(child.err().lines().filter(line -> line.contains("resource-inventory failed: ")))
                    .as(trial.name())
                    .singleElement()
                    .asString()
                    .contains(trial.reason());
            return;
        }
        assertThat(PARTS).as(trial.name()).allMatch(part -> status(child, part).equals("ok"));
        if (trial.right() == Right.WHOLE) {
            assertThat(status(child, "pods")).as(trial.name()).isEqualTo("ok");
        } else {
            assertThat(status(child, "pods")).as(trial.name()).isIn("unavailable", "forbidden");
            assertThat(podsOf(child).path("reason").asString()).as(trial.name()).contains(trial.reason());
        }
    }

    private static String status(ChildJvm child, String part) {
        return section(child, part).path("status").asString();
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
