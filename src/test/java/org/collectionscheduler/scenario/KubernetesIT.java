package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.collectionscheduler.kubernetes.FakeCluster;
import org.collectionscheduler.kubernetes.FakeKubernetesApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The packaged jar beside a Kubernetes API. */
class KubernetesIT {

    @TempDir
    Path directory;

    @Test
    void collectsTheClusterThatTheKubeconfigNamesAndSaysSoWhenItIsGone() throws Exception {
        FakeCluster cluster = FakeCluster.of(12, 1234, 7);
        try (FakeKubernetesApi api = FakeKubernetesApi.start(cluster)) {
            Map<String, String> variables = Map.of(
                    "KUBECONFIG",
                    api.writeKubeconfig(directory.resolve("kubeconfig")).toString());
            try (ServiceProcess service =
                    ServiceProcess.jar(variables, directory, "--scheduler.run-on-start=if-never-run")) {
                service.awaitRunning();
                JsonNode inventory = payload(service, "resource-inventory");
                JsonNode metadata = payload(service, "cluster-metadata");

                assertThat(service.get("/actuator/collections").path("source").asString())
                        .isEqualTo("kubernetes");
                assertThat(inventory.path("kind").asString()).isEqualTo("kubernetes");
                assertThat(inventory.at("/data/resources/pods/total").asInt()).isEqualTo(1234);
                assertThat(inventory.at("/data/namespaces/count").asInt()).isEqualTo(12);
                assertThat(metadata.at("/data/nodeCount").asInt()).isEqualTo(7);
                assertThat(metadata.at("/data/clusterIdSource").asString()).isEqualTo("kube-system-uid");
                assertThat(inventory.at("/data/clusterId")).isEqualTo(metadata.at("/data/clusterId"));
                assertThat(inventory.at("/sections/pods/status").asString()).isEqualTo("ok");

                api.close();
                JsonNode run = service.post("/api/collections/cluster-metadata/run?wait=35s");
                assertThat(run.path("outcome").asString()).as(run.toString()).isEqualTo("FAILED");
                assertThat(service.get("/actuator/health").path("status").asString())
                        .isEqualTo("DEGRADED");
                assertThat(service.get("/actuator/collections").path("source").asString())
                        .isEqualTo("kubernetes");
                assertThat(service.log() + inventory + metadata + run).doesNotContain(FakeCluster.MARK);
            }
            assertThat(api.requests())
                    .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
            assertThat(api.requests().stream()
                            .map(FakeKubernetesApi.Request::path)
                            .distinct())
                    .allSatisfy(path -> assertThat(permitted(path)).as(path).isTrue());
        }
    }

    private static JsonNode payload(ServiceProcess service, String collection) {
        JsonNode status = service.awaitCollection(
                collection, found -> found.path("lastRun").isObject());
        assertThat(status.at("/lastRun/outcome").asString())
                .as(status.toString())
                .isEqualTo("SUCCEEDED");
        assertThat(status.at("/lastRun/completeness").asString()).isEqualTo("full");
        return service.get("/api/payloads/" + status.at("/lastRun/payloadId").asString())
                .path("payload");
    }

    /** Whether the ClusterRole among the manifests lets a service account read that path. */
    private static boolean permitted(String path) throws IOException {
        List<String> parts =
                Stream.of(path.split("/")).filter(part -> !part.isEmpty()).toList();
        if (parts.size() == 1) {
            return rules().stream().anyMatch(rule -> rule.getNonResourceURLs().contains(path));
        }
        boolean core = parts.get(0).equals("api");
        String group = core ? "" : parts.get(1);
        List<String> rest = parts.subList(core ? 2 : 3, parts.size());
        String verb = rest.size() > 1 ? "get" : "list";
        return rules().stream()
                .anyMatch(rule -> rule.getApiGroups().contains(group)
                        && rule.getResources().contains(rest.get(0))
                        && rule.getVerbs().contains(verb));
    }

    private static List<PolicyRule> rules() throws IOException {
        for (String document : Files.readString(Path.of("config", "kubernetes", "10-rbac.yaml"))
                .split("(?m)^---$")) {
            Object resource =
                    Serialization.unmarshal(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
            if (resource instanceof ClusterRole role) {
                return role.getRules();
            }
        }
        throw new AssertionError("no ClusterRole");
    }
}
