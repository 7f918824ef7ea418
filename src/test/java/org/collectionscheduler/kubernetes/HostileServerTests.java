package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the server does, the attempt ends in bounded time, and says what an operator can do. */
@Timeout(20)
class HostileServerTests {

    @TempDir
    Path directory;

    private final FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(3, 700, 2));
    private Kube kube;

    @BeforeEach
    void configure() {
        kube = Kube.of(api.writeKubeconfig(directory.resolve("config")));
    }

    @AfterEach
    void close() throws IOException {
        kube.close();
        api.close();
    }

    static Stream<Arguments> misbehaviours() {
        String deep = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{\"x\":" + "[".repeat(10_000)
                + "]".repeat(10_000) + "}}]}";
        String longName = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[{\"metadata\":{\"namespace\":\""
                + "n".repeat(1_000_000) + "\"}}]}";
        return Stream.of(
                Arguments.of("nothing", Misbehaviour.silent(), "sent nothing for 300 ms"),
                Arguments.of("a stall half-way", Misbehaviour.stall(), "sent nothing for 300 ms"),
                Arguments.of("half a body", Misbehaviour.truncate(), "connection broke"),
                Arguments.of("a reset", Misbehaviour.reset(), "connection broke"),
                Arguments.of("a connection that is closed", Misbehaviour.hangUp(), "connection broke"),
                Arguments.of("a login page", Misbehaviour.html(), "login page"),
                Arguments.of(
                        "a wrong type",
                        Misbehaviour.answer(200, Map.of("Content-Type", "text/plain"), "{}"),
                        "none that was asked for"),
                Arguments.of("no JSON", Misbehaviour.json("zqsecret"), "not JSON"),
                Arguments.of("an empty body", Misbehaviour.json(""), "no JSON object"),
                Arguments.of("half of JSON", Misbehaviour.json("{\"kind\":\"PodList\",\"items\":[{"), "broke"),
                Arguments.of("an array", Misbehaviour.json("[]"), "no JSON object"),
                Arguments.of("no list", Misbehaviour.json("{\"kind\":\"Pod\"}"), "no list"),
                Arguments.of("two documents", Misbehaviour.json("{\"kind\":\"PodList\",\"items\":[]}{}"), "follows"),
                Arguments.of(
                        "an item that is none", Misbehaviour.json("{\"kind\":\"PodList\",\"items\":[7]}"), "no object"),
                Arguments.of("deep JSON", Misbehaviour.json(deep), "within bounds"),
                Arguments.of("a long name", Misbehaviour.json(longName), "within bounds"),
                Arguments.of(
                        "an odd encoding",
                        Misbehaviour.answer(
                                200, Map.of("Content-Type", "application/json", "Content-Encoding", "br"), "zqsecret"),
                        "encoded in a way"),
                Arguments.of("a redirect", Misbehaviour.redirect("http://127.0.0.1:1/zqsecret"), "redirect (302)"),
                Arguments.of("500", Misbehaviour.status(500), "answered 500"),
                Arguments.of("503", Misbehaviour.status(503), "answered 503"),
                Arguments.of("404", Misbehaviour.status(404), "status 404"),
                Arguments.of("429 for ever", Misbehaviour.retryAfter(429, "0"), "answered 429"),
                Arguments.of("half a compressed body", Misbehaviour.truncatedGzip(), "connection broke"),
                Arguments.of("403", Misbehaviour.status(403), "(403)"),
                Arguments.of("an endless list", Misbehaviour.endless(20), "has not ended after 40 pages"),
                Arguments.of("endless empty pages", Misbehaviour.endlessEmpty(), "empty pages"),
                Arguments.of("the same page for ever", Misbehaviour.sameToken(), "same next page twice"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misbehaviours")
    void oneBrokenKindLeavesTheOthers(String name, Misbehaviour misbehaviour, String reason) throws Exception {
        api.misbehave(Kube.PODS, misbehaviour);

        Collected collected = collect(misbehaviour);

        Section pods = Objects.requireNonNull(collected.sections().get("pods"));
        assertThat(pods.status()).isIn(Section.Status.UNAVAILABLE, Section.Status.FORBIDDEN);
        assertThat(pods.reason()).contains(reason).doesNotContain(FakeCluster.MARK);
        assertThat(Kube.at(collected, "resources", "pods")).isNull();
        assertThat(Kube.at(collected, "resources", "services", "total")).isEqualTo(23L);
        if (misbehaviour.type() != Misbehaviour.Type.HANG_UP) { // the JDK's client silently asks again then
            assertThat(collected.cost().requests()).isEqualTo(api.requests().size());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misbehaviours")
    void allBrokenIsAFailure(String name, Misbehaviour misbehaviour, String reason) {
        api.misbehave("*", misbehaviour);

        assertThatThrownBy(() -> collect(misbehaviour))
                .isInstanceOf(CollectionFailedException.class)
                .message()
                .contains(reason)
                .doesNotContain(FakeCluster.MARK);
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                Arguments.of("an object of 20 MB", Misbehaviour.giant(20_000_000)),
                Arguments.of("less than nothing that remains", Misbehaviour.remainingItemCount("-1")),
                Arguments.of(
                        "more than everything that remains", Misbehaviour.remainingItemCount("9223372036854775807")),
                Arguments.of("a word for what remains", Misbehaviour.remainingItemCount("\"many\"")),
                Arguments.of("slowness", Misbehaviour.slow(Duration.ofMillis(40))));
    }

    /** What is odd and yet readable. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("oddities")
    void oddButReadableAnswersAreReadToTheTruth(String name, Misbehaviour misbehaviour) throws Exception {
        api.misbehave("/api/v1/**", misbehaviour);
        api.misbehave("/apis/apps/v1/**", misbehaviour);
        api.misbehave(Kube.KUBE_SYSTEM, misbehaviour, 0);

        Collected collected = kube.inventory(TestContext.plain());

        new InventoryTruth(FakeCluster.of(3, 700, 2)).assertWhole(collected);
    }

    /** Tables hold no objects, so what is read from them is still there. */
    @Test
    void objectsThatAreFarTooDeepSpareTheTables() throws Exception {
        api.misbehave("*", Misbehaviour.deep(10_000));

        Collected collected = kube.inventory(TestContext.plain());

        new InventoryTruth(FakeCluster.of(3, 700, 2)).assertNothingFalse(collected);
        assertThat(Objects.requireNonNull(collected.sections().get("pods")).reason())
                .contains("within bounds");
        assertThat(Kube.at(collected, "namespaces", "count")).isEqualTo(3L);
    }

    @ParameterizedTest
    @ValueSource(ints = {-7, 7})
    void theClockOfTheServerDoesNotMatter(int hours) throws Exception {
        api.misbehave("*", Misbehaviour.clockSkew(503, Duration.ofHours(hours), Duration.ofSeconds(1)), 1);

        assertThat(kube.inventory().full()).isTrue();
    }

    @Test
    void aServerThatFailsThreeTimesInARowIsLeftInPeace() throws Exception {
        api.misbehave("/apis/**", Misbehaviour.status(500));

        Collected collected = kube.inventory(TestContext.plain());

        new InventoryTruth(FakeCluster.of(3, 700, 2)).assertNothingFalse(collected);
        assertThat(api.requests().stream().filter(request -> request.path().startsWith("/apis/")))
                .hasSize(3 * Kube.QUICK.retry().attempts());
        assertThat(Objects.requireNonNull(collected.sections().get("daemonSets"))
                        .reason())
                .contains("not asked for", "3 times in a row");
        assertThat(Kube.at(collected, "resources", "pods", "total")).isEqualTo(700L);
    }

    @Test
    void failuresOfSomeKindsDoNotKeepOthersFromBeingAskedFor() throws Exception {
        api.misbehave("/apis/apps/v1/deployments", Misbehaviour.status(500));
        api.misbehave("/apis/apps/v1/statefulsets", Misbehaviour.status(500));
        api.misbehave("/apis/apps/v1/daemonsets", Misbehaviour.status(500));

        Collected collected = kube.inventory(TestContext.plain());

        assertThat(collected.sections().values())
                .filteredOn(section -> section.status() != Section.Status.OK)
                .hasSize(3)
                .allSatisfy(section -> assertThat(section.reason()).contains("answered 500"));
    }

    @Test
    void aRefusedCredentialEndsTheAttemptAtOnceAndForGood() {
        api.requireToken("another");

        CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContainingAll("refused the credentials (401)", api.url(), "renew the token");
        assertThat(api.requests()).hasSize(1);
    }

    @Test
    void aRefusalHalfWayThroughEndsTheAttempt() {
        api.misbehave(Kube.SERVICES, Misbehaviour.status(401));

        CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void anUnreachableServerEndsTheAttemptWithOneMessage() throws Exception {
        api.close();

        CollectionFailedException failure = catchThrowableOfType(CollectionFailedException.class, kube::inventory);

        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContainingAll(api.url() + " cannot be reached", "ConnectException", "kubeconfig");
    }

    @Test
    void waitsAsLongAsTheServerAsks() throws Exception {
        api.misbehave(Kube.PODS, Misbehaviour.retryAfter(429, "1"), 1);
        api.misbehave(Kube.SERVICES, Misbehaviour.retryAfter(503, "Wed, 21 Oct 2015 07:28:00 GMT"), 1);
        long started = System.nanoTime();

        Collected collected = kube.inventory();

        assertThat(collected.full()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(5));
        assertThat(collected.cost().retries()).isEqualTo(2);
    }

    @Test
    void doesNotWaitBeyondTheAttempt() throws Exception {
        api.misbehave(Kube.PODS, Misbehaviour.retryAfter(429, "3600"));
        long started = System.nanoTime();

        Collected collected = kube.inventory(TestContext.lasting(Duration.ofMinutes(2)));

        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofMinutes(1));
        assertThat(Objects.requireNonNull(collected.sections().get("pods")).reason())
                .contains("429", "after the end of this attempt", "timeout");
        assertThat(api.requests(Kube.PODS)).hasSize(1);
    }

    @Test
    void theAttemptsTimeBoundsAServerThatIsAlwaysJustFastEnough() {
        api.misbehave("*", Misbehaviour.slow(Duration.ofSeconds(2)));
        long started = System.nanoTime();

        CollectionFailedException failure = catchThrowableOfType(
                CollectionFailedException.class, () -> kube.inventory(TestContext.lasting(Duration.ofMillis(700))));

        assertThat(failure).hasMessageContainingAll("time was used up", "timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aServerThatNeverAnswersIsOutOfReach() {
        api.misbehave("*", Misbehaviour.silent());

        CollectionFailedException failure =
                catchThrowableOfType(CollectionFailedException.class, () -> collect(Misbehaviour.silent()));

        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("sent nothing");
        assertThat(api.requests()).hasSize(3);
    }

    @Test
    void silenceAtTheFirstRequestMayBeADeadConnection() throws Exception {
        api.misbehave("*", Misbehaviour.silent(), 1);

        assertThat(collect(Misbehaviour.silent()).full()).isTrue();
    }

    @Test
    void aBodyThatComesInDropsIsNotWaitedForForEver() throws Exception {
        ClientSettings hasty = new ClientSettings(
                new RequestLimits(Duration.ofSeconds(2), Duration.ofMillis(800), Duration.ofSeconds(1), 1 << 20),
                Kube.QUICK.retry(),
                Kube.QUICK.pages());
        api.misbehave(Kube.PODS, Misbehaviour.drip(Duration.ofMillis(20)));
        try (Kube bounded = Kube.of(directory.resolve("config"), hasty)) {
            Collected collected = bounded.inventory();

            assertThat(Objects.requireNonNull(collected.sections().get("pods")).reason())
                    .contains("took longer than 1 s");
        }
    }

    @Test
    void takesNoProtobufThatItDidNotAskFor() throws Exception {
        api.misbehave(Kube.SERVICES, Misbehaviour.answer(200, Map.of("Content-Type", ApiRequest.PROTOBUF), "k8s"));

        Collected collected = kube.inventory();

        assertThat(Objects.requireNonNull(collected.sections().get("services")).reason())
                .contains("its type is none that was asked for");
    }

    @Test
    void boundsTheBytesOfABody() throws Exception {
        Collected collected = collectInSmallBodies(FakeCluster.of(3, 700, 2).withoutRemainingItemCount());

        Section pods = Objects.requireNonNull(collected.sections().get("pods"));
        assertThat(pods.status()).isEqualTo(Section.Status.UNAVAILABLE);
        assertThat(pods.reason()).contains("more than 100000 bytes");
        assertThat(Kube.at(collected, "resources", "services", "total")).isEqualTo(23L);
    }

    @Test
    void keepsTheTotalWhenTheRestCannotBeRead() throws Exception {
        Collected collected = collectInSmallBodies(FakeCluster.of(300, 700, 2));

        Section pods = Objects.requireNonNull(collected.sections().get("pods"));
        assertThat(pods.status()).isEqualTo(Section.Status.PARTIAL);
        assertThat(pods.reason()).contains("only the total is known", "more than 100000 bytes");
        assertThat(pods.countMethod()).isEqualTo("remaining-item-count");
        assertThat(Kube.at(collected, "resources", "pods", "total")).isEqualTo(700L);
        assertThat(Kube.at(collected, "resources", "pods", "byNamespace")).isNull();
        assertThat(collected.full()).isFalse();
        assertThat(collected.nothing()).isFalse();
    }

    private Collected collectInSmallBodies(FakeCluster cluster) throws Exception {
        ClientSettings small = new ClientSettings(
                new RequestLimits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(9), 100_000),
                Kube.QUICK.retry(),
                Kube.QUICK.pages());
        try (FakeKubernetesApi other = FakeKubernetesApi.start(cluster);
                Kube bounded = Kube.of(other.writeKubeconfig(directory.resolve("small")), small)) {
            return bounded.inventory();
        }
    }

    private Collected collect(Misbehaviour misbehaviour) throws CollectionFailedException {
        try (Kube suited = Kube.suitedTo(misbehaviour, directory.resolve("config"))) {
            return suited.inventory();
        }
    }
}
