package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * The {@code kubectl} that is installed understands the fake, so it is not only our own client that does. Where there are
 * several, the system property {@code kubectl} says which.
 */
class KubectlProof {

    private static final Set<FakeKind> MANY =
            EnumSet.complementOf(EnumSet.of(FakeKind.NAMESPACES, FakeKind.NODES, FakeKind.PODS, FakeKind.SERVICES));

    @TempDir
    Path directory;

    private final FakeCluster cluster = FakeCluster.of(40, 1700, 7);
    private final FakeKubernetesApi api = FakeKubernetesApi.start(cluster);
    private String kubectl = "";

    @BeforeEach
    void find() {
        String path = System.getProperty("kubectl");
        kubectl = path == null
                ? Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "kubectl"))
                        .filter(Files::isExecutable)
                        .findFirst()
                        .map(Path::toString)
                        .orElseThrow(() -> new AssertionError("there is no kubectl in PATH; install Debian's package"
                                + " kubernetes-client, or name one with -Dkubectl=/path"))
                : path;
        api.writeKubeconfig(directory.resolve("kubeconfig"));
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void listsPodsOfAllNamespacesInPages() throws Exception {
        List<String> lines = lines("get", "pods", "-A", "--chunk-size=500");
        Map<String, Long> byNamespace = new TreeMap<>();
        lines.stream().skip(1).forEach(line -> byNamespace.merge(line.split(" ", 2)[0], 1L, Long::sum));

        assertThat(lines.get(0).split(" +")).containsExactly("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE");
        assertThat(byNamespace).isEqualTo(cluster.podsByNamespace());
        assertThat(api.requests("/api/v1/pods")).hasSize(4).allSatisfy(request -> {
            assertThat(request.query()).containsEntry("limit", "500");
            assertThat(request.headers().get("accept")).contains("as=Table");
        });
    }

    @Test
    void listsPodsOfOneNamespace() throws Exception {
        String namespace = cluster.podsByNamespace().keySet().iterator().next();

        assertThat(lines("get", "pods", "-n", namespace))
                .hasSize(1 + Math.toIntExact(cluster.podsByNamespace().getOrDefault(namespace, 0L)));
        assertThat(api.requests("/api/v1/namespaces/" + namespace + "/pods")).isNotEmpty();
    }

    @Test
    void showsNodesWidely() throws Exception {
        List<String> lines = lines("get", "nodes", "-o", "wide");

        assertThat(lines).hasSize(1 + cluster.count("nodes"));
        assertThat(lines.get(0)).contains("INTERNAL-IP", "OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME");
        assertThat(lines.get(1)).contains("control-plane", "containerd://", "<none>");
        assertThat(lines.stream().filter(line -> line.contains(" Ready"))).hasSize((int) cluster.readyNodes());
    }

    @Test
    void showsServicesByType() throws Exception {
        List<String> lines = lines("get", "svc", "-A");
        Map<String, Long> byType = new TreeMap<>();
        lines.stream().skip(1).forEach(line -> byType.merge(line.split(" +")[2], 1L, Long::sum));

        assertThat(byType).isEqualTo(cluster.servicesByType());
        assertThat(lines.stream().filter(line -> line.split(" +")[3].equals("None")))
                .hasSize((int) cluster.headlessServices());
    }

    @Test
    void showsNamespaces() throws Exception {
        List<String> lines = lines("get", "ns");

        assertThat(lines).hasSize(1 + cluster.namespaces());
        assertThat(lines.stream().filter(line -> line.contains(" Terminating ")))
                .hasSize((int) cluster.terminatingNamespaces());
    }

    @Test
    void showsManyKindsAtOnce() throws Exception {
        List<String> lines = lines("get", "deploy,rs,ds,sts,jobs,cronjobs,ing,pv,pvc,hpa,crd", "-A");

        Map<String, Long> shown = new TreeMap<>();
        Map<String, Long> truth = new TreeMap<>();
        for (FakeKind kind : MANY) {
            String type = kind.kind().toLowerCase(Locale.ROOT) + (kind.group().isEmpty() ? "" : "." + kind.group());
            truth.put(kind.plural(), (long) cluster.count(kind));
            shown.put(
                    kind.plural(),
                    lines.stream()
                            .filter(line -> line.contains(" " + type + "/"))
                            .count());
        }
        assertThat(shown).isEqualTo(truth);
    }

    @ParameterizedTest
    @EnumSource(FakeKind.class)
    void readsEveryKindAsJson(FakeKind kind) throws Exception {
        JsonNode list = FakeReader.json(kubectl("get", kind.plural(), "-A", "-o", "json"));

        assertThat(list.get("items").size()).isEqualTo(cluster.count(kind));
        assertThat(list.at("/items/0/kind").asString()).isEqualTo(kind.kind());
    }

    @Test
    void selectsByField() throws Exception {
        assertThat(lines("get", "svc", "-A", "--field-selector=spec.type=NodePort"))
                .hasSize(1 + Math.toIntExact(cluster.servicesByType().getOrDefault("NodePort", 0L)));
    }

    @Test
    void readsTheVersion() throws Exception {
        assertThat(FakeReader.json(kubectl("get", "--raw", "/version"))
                        .get("gitVersion")
                        .asString())
                .isEqualTo(FakeCluster.GIT_VERSION);
    }

    private List<String> lines(String... arguments) throws Exception {
        return new String(kubectl(arguments), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** Its output; with a home of its own, so that nothing of this machine plays a part. */
    private byte[] kubectl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(kubectl, "--kubeconfig", directory.resolve("kubeconfig").toString()));
        command.addAll(List.of(arguments));
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
        builder.environment()
                .put("HOME", Files.createDirectories(directory.resolve("home")).toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        assertThat(Files.readString(errors)).isEmpty();
        return Files.readAllBytes(output);
    }
}
