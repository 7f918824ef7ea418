package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to a cluster that is written down somewhere, and every way to write it down wrongly. */
@Timeout(30)
class ClusterAccessTests {

    @TempDir
    static Path certificates;

    private static TestCertificate trusted;
    private static TestCertificate stranger;

    @TempDir
    Path directory;

    private FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(2, 3, 1));

    @BeforeAll
    static void certificates() throws Exception {
        trusted = TestCertificate.make(certificates, "trusted");
        stranger = TestCertificate.make(certificates, "stranger");
    }

    @AfterEach
    void close() throws IOException {
        api.close();
    }

    @Test
    void aTokenFileIsReadAgainForEachRequest() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "first\n");
        api.requireToken("first");
        try (Kube kube = Kube.of(api.writeKubeconfig(directory.resolve("config"), "tokenFile: token"))) {
            assertThat(kube.inventory().full()).isTrue();

            Files.writeString(token, "second\n");
            api.requireToken("second");

            Collected collected = kube.inventory();
            assertThat(collected.full()).isTrue();
            assertThat(collected.cost().retries()).isZero();
        }
    }

    @Test
    void aTokenInAKubeconfigIsReadAgainWhenItIsRefused() throws Exception {
        Path config = api.writeKubeconfig(directory.resolve("config"), "token: first");
        api.requireToken("first");
        try (Kube kube = Kube.of(config)) {
            assertThat(kube.inventory().full()).isTrue();

            api.writeKubeconfig(config, "token: second");
            api.requireToken("second");
            int before = api.requests().size();

            Collected collected = kube.inventory();
            assertThat(collected.full()).isTrue();
            assertThat(collected.cost().retries()).isEqualTo(1);
            assertThat(collected.cost().requests()).isEqualTo(api.requests().size() - before);
        }
    }

    @Test
    void aTokenFileThatIsGoneIsNamed() throws Exception {
        Path config = api.writeKubeconfig(directory.resolve("config"), "tokenFile: nowhere");
        try (Kube kube = Kube.of(config)) {
            CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

            assertThat(failure).hasMessageContainingAll("credentials", config.toString(), "token file");
            assertThat(failure.retryable()).isFalse();
            assertThat(api.requests()).isEmpty();
        }
    }

    @Test
    void trustsTheCaInAFileAndIsNamedByItWhereTheClusterDoesNotTell() throws Exception {
        restart(trusted);
        Path config = api.writeKubeconfig(
                directory.resolve("config"), List.of("certificate-authority: " + trusted.pem()), List.of());
        Path inline = api.writeKubeconfig(
                directory.resolve("inline"), List.of("certificate-authority-data: " + trusted.base64()), List.of());
        api.misbehave(Kube.KUBE_SYSTEM, Misbehaviour.status(403));
        try (Kube byFile = Kube.of(config);
                Kube byData = Kube.of(inline)) {
            Collected collected = byFile.inventory();

            assertThat(Kube.at(collected, "clusterIdSource")).isEqualTo("ca");
            assertThat(Kube.at(collected, "clusterId")).isEqualTo(Kube.at(byData.inventory(), "clusterId"));
        }
    }

    @Test
    void aWrongCaEndsTheAttemptForGood() throws Exception {
        restart(trusted);
        Path config = api.writeKubeconfig(
                directory.resolve("config"), List.of("certificate-authority: " + stranger.pem()), List.of());
        try (Kube kube = Kube.of(config)) {
            CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

            assertThat(failure).hasMessageContainingAll("not trusted", "certificate-authority", config.toString());
            assertThat(failure.retryable()).isFalse();
            assertThat(api.connections()).isEqualTo(1);
        }
    }

    @Test
    void tlsWithAServerThatSpeaksNoneIsUnreachable() throws Exception {
        Path config = api.writeKubeconfig(directory.resolve("config"));
        Files.writeString(config, Files.readString(config).replace("http:", "https:"));
        try (Kube kube = Kube.of(config)) {
            CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

            assertThat(failure).hasMessageContainingAll("TLS", "failed");
        }
    }

    @Test
    void aPodUsesItsServiceAccount() throws Exception {
        restart(trusted);
        Files.copy(trusted.pem(), directory.resolve("ca.crt"));
        Path token = Files.writeString(directory.resolve("token"), "first");
        api.requireToken("first");
        try (Kube kube = new Kube(inPod(), new RequestGate(Kube.FAST, System::nanoTime), Kube.QUICK)) {
            assertThat(kube.inventory().full()).isTrue();
            Files.writeString(token, "second");
            api.requireToken("second");
            assertThat(kube.metadata().full()).isTrue();
        }
    }

    @Test
    void aPodWithoutATokenSaysWhatToSet() {
        CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, () -> inPod().load());

        assertThat(failure)
                .hasMessageContainingAll(directory.resolve("token").toString(), "automountServiceAccountToken");
    }

    @Test
    void aKubeconfigComesBeforeThePod() throws Exception {
        Path home = directory.resolve("home");
        Files.createDirectories(home.resolve(".kube"));
        api.writeKubeconfig(home.resolve(".kube/config"));
        ClusterLocations locations = new ClusterLocations(null, home.toString(), "10.0.0.1", "443", directory);

        assertThat(locations.load().origin()).contains(".kube/config");
    }

    @Test
    void nothingConfiguredSaysWhatToSet() {
        ClusterLocations nowhere = new ClusterLocations(" ", directory.toString(), null, null, directory);

        assertThat(catchThrowableOfType(CollectionFailedException.class, nowhere::load))
                .hasMessageContainingAll("KUBECONFIG", "~/.kube/config", "scheduler.source");
    }

    @Test
    void severalFilesAreMerged() throws Exception {
        Path config = api.writeKubeconfig(directory.resolve("config"), "token: zqsecret");
        String both = directory.resolve("missing") + File.pathSeparator + config;

        assertThat(new ClusterLocations(both, null, null, null, directory)
                        .load()
                        .server())
                .isEqualTo(api.url());
    }

    static Stream<Arguments> mistakes() {
        String good = "apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                + "contexts: [{name: c, context: {cluster: k, user: u}}]\n"
                + "clusters: [{name: k, cluster: {server: 'https://127.0.0.1:1'}}]\n"
                + "users: [{name: u, user: {token: zqsecret}}]\n";
        return Stream.of(
                Arguments.of("no YAML", "{\"zqsecret: [", "not a kubeconfig"),
                Arguments.of("empty", "", "is"),
                Arguments.of("no context", good.replace("current-context: c", "current-context: x"), "current-context"),
                Arguments.of("no cluster", good.replace("name: k,", "name: z,"), "cluster of its current context"),
                Arguments.of(
                        "no server",
                        good.replace("server: 'https://127.0.0.1:1'", "insecure-skip-tls-verify: true"),
                        "server"),
                Arguments.of("no user", good.replace("name: u,", "name: z,"), "user of its current context"),
                Arguments.of(
                        "a CA that is none",
                        good.replace("server:", "certificate-authority-data: enFzZWNyZXQ=, server:"),
                        "certificate-authority"),
                Arguments.of(
                        "a CA that is not there",
                        good.replace("server:", "certificate-authority: /nowhere/ca.crt, server:"),
                        "certificate-authority"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void aMistakeInAKubeconfigIsNamedWithItsFileAndMendedWithoutARestart(String name, String text, String problem)
            throws Exception {
        Path config = Files.writeString(directory.resolve("config"), text);
        try (Kube kube = Kube.of(config)) {
            CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

            assertThat(failure.retryable()).isFalse();
            assertThat(failure).hasMessageContainingAll(config.toString(), problem);
            assertThat(failure.getMessage()).doesNotContain("zqsecret");
            assertThat(failure.getCause()).isNull();

            api.writeKubeconfig(config);
            assertThat(kube.inventory().full()).isTrue();
        }
    }

    @Test
    void aKubeconfigThatDoesNotExistIsNamed() {
        Path missing = directory.resolve("missing");
        try (Kube kube = Kube.of(missing)) {
            assertThat(catchThrowableOfType(CollectionFailedException.class, kube::inventory))
                    .hasMessageContainingAll(missing.toString(), "does not exist", "KUBECONFIG");
        }
    }

    @Test
    void aCredentialProgramThatHangsIsNotWaitedForLongerThanTheAttempt() throws Exception {
        Path config = api.writeKubeconfig(
                directory.resolve("config"),
                "exec:",
                "  apiVersion: client.authentication.k8s.io/v1",
                "  command: sh",
                "  args: ['-c', 'sleep 20']");
        try (Kube kube = Kube.of(config)) {
            CollectionFailedException failure = catchThrowableOfType(
                    CollectionFailedException.class, () -> kube.inventory(TestContext.lasting(Duration.ofMillis(300))));

            assertThat(failure).hasMessageContainingAll("credential program", "exec");
        }
    }

    @Test
    void aCredentialProgramGivesTheToken() throws Exception {
        api.requireToken("first");
        Path program = directory.resolve("credentials");
        Files.writeString(
                program,
                "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
                        + "\"status\":{\"token\":\"first\"}}'\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Path config = api.writeKubeconfig(
                directory.resolve("config"),
                "exec:",
                "  apiVersion: client.authentication.k8s.io/v1",
                "  command: " + program);
        try (Kube kube = Kube.of(config)) {
            assertThat(kube.inventory().full()).isTrue();
        }
    }

    private ClusterLocations inPod() {
        String port = api.url().substring(api.url().lastIndexOf(':') + 1);
        return new ClusterLocations(null, null, "127.0.0.1", port, directory);
    }

    private void restart(TestCertificate certificate) throws Exception {
        api.close();
        api = FakeKubernetesApi.start(FakeCluster.of(2, 3, 1), 0, certificate.serverContext());
    }
}
