package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.collectionscheduler.collector.Collected;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The cluster marks every name that it has; none of them comes out, in whatever way things go. */
class NamesStayHiddenTests {

    @TempDir
    Path directory;

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Level level = root.getLevel();
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private final FakeKubernetesApi api = FakeKubernetesApi.start(FakeCluster.of(7, 600, 8));

    @BeforeEach
    void listen() {
        logged.start();
        root.addAppender(logged);
        root.setLevel(Level.TRACE);
        root.getLoggerContext().getTurboFilterList().clear();
    }

    @AfterEach
    void close() throws IOException {
        root.setLevel(level);
        root.detachAppender(logged);
        api.close();
    }

    @Test
    void whenAllIsWell() throws Exception {
        api.requireToken("zqsecret-token");
        try (Kube kube = kube("token: zqsecret-token")) {
            assertHidden(kube.metadata());
            assertHidden(kube.inventory());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.collectionscheduler.kubernetes.HostileServerTests#misbehaviours")
    void whenAKindMisbehaves(String name, Misbehaviour misbehaviour) throws Exception {
        api.misbehave(Kube.PODS, misbehaviour);
        api.misbehave(Kube.NODES, misbehaviour);
        try (Kube kube = Kube.suitedTo(misbehaviour, api.writeKubeconfig(directory.resolve("config")))) {
            assertHidden(kube.metadata());
            assertHidden(kube.inventory());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.collectionscheduler.kubernetes.HostileServerTests#misbehaviours")
    void whenAllMisbehaves(String name, Misbehaviour misbehaviour) {
        assumeFalse(Kube.silent(misbehaviour), "a server that says nothing has no names to tell");
        api.misbehave("*", misbehaviour);
        try (Kube kube = kube()) {
            assertHidden(catchThrowable(kube::inventory));
        }
    }

    @Test
    void whenListsExpireAndKindsAreForbidden() throws Exception {
        api.expireTokens(Kube.PODS, 9);
        api.misbehave(Kube.SERVICES, Misbehaviour.status(403));
        try (Kube kube = kube()) {
            assertHidden(kube.inventory());
        }
    }

    @Test
    void whenTheCredentialIsRefused() {
        api.requireToken("another");
        try (Kube kube = kube("token: zqsecret-token")) {
            assertHidden(catchThrowable(kube::inventory));
        }
    }

    private Kube kube(String... user) {
        return Kube.of(api.writeKubeconfig(directory.resolve("config"), user));
    }

    private void assertHidden(Collected collected) {
        assertThat(JsonMapper.shared().writeValueAsString(collected)).doesNotContain(FakeCluster.MARK);
        assertLogHidden();
    }

    private void assertHidden(@Nullable Throwable failure) {
        StringWriter trace = new StringWriter();
        Objects.requireNonNull(failure).printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(FakeCluster.MARK);
        assertLogHidden();
    }

    /** Loggers of the test's own server and of the JDK's HTTP client at its debug property are not the product's. */
    private void assertLogHidden() {
        List<String> lines = new ArrayList<>();
        for (ILoggingEvent event : List.copyOf(logged.list)) {
            lines.add(event.getLoggerName() + " " + event.getFormattedMessage() + " " + event.getKeyValuePairs() + " "
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage()));
        }
        assertThat(lines).isNotEmpty().noneMatch(line -> line.contains(FakeCluster.MARK));
    }
}
