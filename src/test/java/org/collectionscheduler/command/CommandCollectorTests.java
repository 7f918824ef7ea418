package org.collectionscheduler.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Secret;
import org.collectionscheduler.command.CommandParameters.Format;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** Real programs: the shell and what every Linux has. */
@Timeout(60)
class CommandCollectorTests {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    private final CommandCollector collector = new CommandCollector(System::nanoTime);

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        for (long pid : startedPids()) {
            assertThat(runs(pid)).as("process %d", pid).isFalse();
        }
    }

    @Test
    void anObjectOnStandardOutputIsTheData() throws Exception {
        assertThat(data(shell("echo '{\"a\": 1, \"b\": {\"c\": [1.10, \"ä\"]}, \"n\": 12345678901234567890}'")))
                .containsEntry("a", 1)
                .containsEntry("b", Map.of("c", List.of(new BigDecimal("1.10"), "ä")))
                .containsEntry("n", new java.math.BigInteger("12345678901234567890"));
    }

    @Test
    void textIsTextAndSoIsNothing() throws Exception {
        assertThat(data(text("printf", "a\nb\n"))).isEqualTo(Map.of("text", "a\nb\n"));
        assertThat(data(text("true"))).isEqualTo(Map.of("text", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "1", "", "{\"a\":1} x", "{\"a\":1,\"a\":2}", "{\"a\":", "null"})
    void whatIsNoObjectIsAFailureThatDoesNotShowIt(String output) {
        assertThatThrownBy(() -> data(json("printf", "%s", output)))
                .isInstanceOf(CollectionFailedException.class)
                .hasMessageContaining("not one JSON object")
                .hasMessageNotContaining("\"a\"");
    }

    @Test
    void noShellReadsTheArguments() throws Exception {
        String hostile = "$(touch " + directory.resolve("x") + "); `id` | \"'*";

        assertThat(data(text("printf", "%s", hostile))).containsEntry("text", hostile);
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void onlyTheVariablesThatAreNamedArePassedOn() throws Exception {
        Secret token = new Secret(Files.writeString(directory.resolve("token"), "hush\n"), null);
        CommandParameters parameters = new CommandParameters(
                List.of("env"),
                Set.of("HOME", "NO_SUCH_VARIABLE"),
                Map.of("TOKEN", token),
                null,
                Format.TEXT,
                DataSize.ofKilobytes(1),
                Set.of(0));
        String variables = String.valueOf(data(parameters).get("text"));

        assertThat(variables.lines().filter(line -> !line.startsWith(ProcessTree.MARK)))
                .containsExactlyInAnyOrder("HOME=" + System.getenv("HOME"), "TOKEN=hush");
    }

    @Test
    void worksInItsDirectory() throws Exception {
        CommandParameters parameters = new CommandParameters(
                List.of("pwd"), Set.of(), Map.of(), directory, Format.TEXT, DataSize.ofKilobytes(1), Set.of(0));

        assertThat(data(parameters)).containsEntry("text", directory.toRealPath() + "\n");
    }

    @Test
    void theExitCodeIsJudged() throws Exception {
        assertThatThrownBy(() -> data(shell("echo 'the disk is on fire' >&2; exit 3")))
                .isInstanceOfSatisfying(
                        CollectionFailedException.class,
                        failure -> assertThat(failure.retryable()).isTrue())
                .hasMessage("the command ended with exit code 3: the disk is on fire");
        assertThat(data(new CommandParameters(
                        List.of("sh", "-c", "echo '{}'; exit 3"),
                        Set.of(),
                        Map.of(),
                        null,
                        Format.JSON,
                        DataSize.ofKilobytes(1),
                        Set.of(0, 3))))
                .isEmpty();
    }

    @Test
    void onlyTheEndOfAFloodOfErrorsIsShown() {
        assertThatThrownBy(() -> data(shell("yes a-line-of-an-error | head -n 500000 >&2; echo the end >&2; exit 1")))
                .message()
                .hasSizeLessThan(900)
                .endsWith("the end");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The text that is shown begins in the middle of it.
                "printf %s \"$TOKEN\" >&2; head -c 789 /dev/zero | tr '\\0' x >&2; exit 1",
                // The file is emptied while only a part of it is written.
                "head -c 2000000 /dev/zero >&2; printf 0123456789 >&2\n"
                        + "until [ $(stat -Lc %s /proc/$$/fd/2) -lt 100 ]; do :; done; printf 'abcdefghij the end' >&2; exit 1"
            })
    void noPartOfASecretIsShown(String script) throws Exception {
        Secret token = new Secret(Files.writeString(directory.resolve("token"), "0123456789abcdefghij\n"), null);
        CommandParameters parameters = new CommandParameters(
                List.of("sh", "-c", script),
                Set.of("PATH"),
                Map.of("TOKEN", token),
                null,
                Format.TEXT,
                DataSize.ofKilobytes(1),
                Set.of(0));

        assertThatThrownBy(() -> data(parameters))
                .hasMessageStartingWith("the command ended with exit code 1")
                .hasMessageNotContaining("fghij")
                .hasMessageNotContaining("01234");
    }

    @Test
    void aProgramThatIsNotThereIsAFailure() {
        assertThatThrownBy(() -> data(text("no-such-program")))
                .isInstanceOf(CollectionFailedException.class)
                .hasMessageContaining("no-such-program");
        assertThatThrownBy(() -> data(new CommandParameters(
                        List.of("pwd"),
                        Set.of(),
                        Map.of(),
                        directory.resolve("none"),
                        Format.TEXT,
                        DataSize.ofKilobytes(1),
                        Set.of(0))))
                .isInstanceOf(CollectionFailedException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec yes",
                "yes & echo $! >> pids; sleep 0.3; exit 0",
                "head -c 2000 /dev/zero",
            })
    void tooMuchOutputEndsIt(String script) {
        assertThatThrownBy(() -> data(shell(script + "\nsleep 0.3")))
                .isInstanceOfSatisfying(
                        CollectionFailedException.class,
                        failure -> assertThat(failure.retryable()).isFalse())
                .hasMessageContaining("longer than 1024 bytes")
                .hasMessageContaining("max-output");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 1000 & echo $! >> pids",
                "(trap '' TERM HUP INT; echo $BASHPID >> pids; while :; do sleep 1000; done) &",
                "setsid sh -c 'echo $$ >> pids; exec sleep 1000' &",
                "nohup setsid sh -c '(trap \"\" TERM; echo $$ >> pids; sleep 1000; sleep 1000) & wait' > /dev/null 2>&1 &",
                "(setsid sh -c '(sh -c \"echo \\$\\$ >> pids; exec sleep 1000\" &)' &)",
                "for i in 1 2 3 4 5 6 7 8 9; do (sleep 1000 & echo $! >> pids; sleep 1000) & echo $! >> pids; done"
            })
    void nothingThatItStartedOutlivesIt(String fork) throws Exception {
        Set<String> threads = threads();

        assertThat(data(bash(fork + "\nuntil [ -s pids ]; do :; done; echo '{}'")))
                .isEmpty();
        assertThat(startedPids()).isNotEmpty().noneMatch(CommandCollectorTests::runs);

        Files.delete(directory.resolve("pids"));
        Throwable failure = interrupted(bash("trap '' TERM\n" + fork
                + "\nuntil [ -s pids ]; do :; done; echo $$ >> pids; while :; do sleep 1000; done"));
        assertThat(failure).isInstanceOf(InterruptedException.class);
        assertThat(startedPids()).hasSizeGreaterThan(1).noneMatch(CommandCollectorTests::runs);
        await().atMost(SOON).untilAsserted(() -> assertThat(threads()).isSubsetOf(threads));
    }

    @Test
    void evenADaemonWithoutTheMarkIsFoundWhileItsParentLives() throws Exception {
        Throwable failure =
                interrupted(bash("env -i setsid bash -c 'echo $$ >> pids; exec sleep 1000' & sleep 1; echo $$ >> pids;"
                        + " kill -9 $!; sleep 1000"));

        assertThat(failure).isInstanceOf(InterruptedException.class);
    }

    /** An orphan, as the kill of a service leaves it behind. */
    @Test
    void anAttemptEndsWhatAServiceThatHasEndedLeftBehindOfItsCollection() throws Exception {
        String run = UUID.randomUUID().toString();
        String collection = new CommandContext(bash("true"), run, 1).collection();
        // This process has the id, and did not start with the machine: it took over the id of one that has ended.
        String ended = "/" + ProcessHandle.current().pid() + "-1/x";
        long orphan = orphan(collection + ended);
        long ofAnotherCollection = orphan(collection + "2" + ended);
        long ofThisService = orphan(ProcessTree.newMark(collection));
        CommandParameters looks = bash("if grep -qs ') [^Z] ' /proc/" + orphan
                + "/stat; then echo '{\"alone\": false}'; else echo" + " '{\"alone\": true}'; fi");
        try {
            assertThat(collector.collect(new CommandContext(looks, run, 1)).data())
                    .isEqualTo(Map.of("alone", true));
            assertThat(runs(ofAnotherCollection)).isTrue();
            assertThat(runs(ofThisService)).isTrue();
        } finally {
            for (long other : List.of(ofAnotherCollection, ofThisService)) {
                ProcessHandle.of(other).ifPresent(ProcessHandle::destroyForcibly);
                await().atMost(SOON).until(() -> !runs(other));
            }
        }
    }

    @Test
    void whoeverHeedsTheRequestToEndMayTidyUp() throws Exception {
        interrupted(
                bash("trap 'echo tidy > tidied; exit 0' TERM; echo $$ >> pids; echo $$ >> pids; sleep 1000 & wait"));

        assertThat(directory.resolve("tidied")).exists();
    }

    private Map<String, Object> data(CommandParameters parameters) throws Exception {
        return new LinkedHashMap<>(
                collector.collect(new CommandContext(parameters)).data());
    }

    /** What comes out of the collector when it is interrupted once two processes have written their ids. */
    private Throwable interrupted(CommandParameters parameters) throws Exception {
        AtomicReference<Throwable> failure = new AtomicReference<>(new AssertionError("no failure"));
        CountDownLatch ended = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        data(parameters);
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                    ended.countDown();
                },
                "collect-test");
        thread.start();
        await().atMost(SOON).until(() -> startedPids().size() > 1);
        thread.interrupt();
        assertThat(ended.await(2, TimeUnit.SECONDS))
                .as("back before it counts as stuck")
                .isTrue();
        return Objects.requireNonNull(failure.get());
    }

    /** A process of which the parent has ended. */
    private long orphan(String mark) throws IOException, InterruptedException {
        ProcessBuilder parent =
                new ProcessBuilder("sh", "-c", "sleep 1000 & echo $! >> pids").directory(directory.toFile());
        parent.environment().put(ProcessTree.MARK, mark);
        assertThat(parent.start().waitFor()).isZero();
        List<Long> pids = startedPids();
        long orphan = pids.get(pids.size() - 1);
        assertThat(runs(orphan)).isTrue();
        return orphan;
    }

    private List<Long> startedPids() throws IOException {
        Path pids = directory.resolve("pids");
        return Files.exists(pids)
                ? Files.readAllLines(pids).stream().map(Long::valueOf).toList()
                : List.of();
    }

    private static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException e) {
            return false;
        }
    }

    /** The JDK's own thread that waits for a process ends with it, a minute later. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !Set.of("process reaper", "awaitility-thread").contains(name))
                .collect(Collectors.toSet());
    }

    private CommandParameters json(String... command) {
        return parameters(Format.JSON, command);
    }

    private CommandParameters text(String... command) {
        return parameters(Format.TEXT, command);
    }

    private CommandParameters shell(String script) {
        return json("sh", "-c", "cd " + directory + "\n" + script);
    }

    private CommandParameters bash(String script) {
        return json("bash", "-c", "cd " + directory + "\n" + script);
    }

    private static CommandParameters parameters(Format format, String... command) {
        return new CommandParameters(
                Arrays.asList(command), Set.of("PATH"), Map.of(), null, format, DataSize.ofKilobytes(1), Set.of(0));
    }
}
