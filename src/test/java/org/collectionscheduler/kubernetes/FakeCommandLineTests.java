package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the command line the fake can be all that tests make of it. */
class FakeCommandLineTests {

    @TempDir
    Path directory;

    @Test
    void servesWhatTheOptionsSay() throws Exception {
        Path kubeconfig = directory.resolve("config");
        String options =
                "--namespaces 4 --pods 30 --nodes 3 --jobs 17 --without ingresses,cronjobs --seed 5 --latency 1"
                        + " --token abc --no-remaining-item-count --no-tables --kubeconfig " + kubeconfig;
        try (FakeKubernetesApi api = FakeCommandLine.start(options.split(" "))) {
            FakeReader reader = new FakeReader(api);
            String[] token = {"Authorization", "Bearer abc"};

            assertThat(reader.items("/api/v1/pods?limit=9", token)).hasSize(30);
            assertThat(reader.items("/apis/batch/v1/jobs?limit=9", token)).hasSize(17);
            assertThat(reader.items("/api/v1/namespaces?limit=9", token)).hasSize(4);
            assertThat(reader.json("/api/v1/pods?limit=9", token)
                            .get("metadata")
                            .has("remainingItemCount"))
                    .isFalse();
            assertThat(reader.status("/apis/batch/v1/cronjobs", token)).isEqualTo(404);
            assertThat(reader.status("/apis/networking.k8s.io/v1/ingresses", token))
                    .isEqualTo(404);
            assertThat(reader.status("/api/v1/pods", "Authorization", "Bearer abc", "Accept", FakeReader.TABLE))
                    .isEqualTo(406);
            assertThat(reader.status("/api/v1/pods")).isEqualTo(401);
            assertThat(Files.readString(kubeconfig)).contains(api.url(), "token: abc");
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    void anotherSeedIsAnotherCluster() throws Exception {
        try (FakeKubernetesApi one = FakeCommandLine.start("--seed", "1");
                FakeKubernetesApi same = FakeCommandLine.start("--seed", "1");
                FakeKubernetesApi other = FakeCommandLine.start("--seed", "2", "--record")) {
            String names =
                    new FakeReader(one).json("/api/v1/nodes").get("items").toString();

            assertThat(new FakeReader(same).json("/api/v1/nodes").get("items").toString())
                    .isEqualTo(names);
            assertThat(new FakeReader(other).json("/api/v1/nodes").get("items").toString())
                    .isNotEqualTo(names);
            assertThat(other.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pods", "--pods", "--podz 5", "--pods many", "--without things"})
    void refusesWhatItDoesNotKnow(String options) {
        assertThatThrownBy(() -> FakeCommandLine.start(options.split(" ")).close())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
