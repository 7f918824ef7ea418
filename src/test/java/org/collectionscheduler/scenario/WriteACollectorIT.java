package org.collectionscheduler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The README's page on writing a collector, done to the letter. */
class WriteACollectorIT {

    private static final String SERVICE = "java -jar target/collection-scheduler.jar --";
    private static final String COMMAND = "java -jar target/collection-scheduler.jar collect";

    @TempDir
    private Path directory;

    private List<String> lines = List.of();

    private record Ended(int status, String output) {}

    @BeforeEach
    void readThePage() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String page = readme.substring(readme.indexOf("## Write a collector"), readme.indexOf("### Or run a command"));
        String java = block(page, "java");
        assertThat(java.lines()).hasSizeLessThanOrEqualTo(30);
        Files.createDirectories(directory.resolve("target"));
        Files.createDirectories(directory.resolve("config"));
        Files.copy(ServiceProcess.JAR, directory.resolve("target/collection-scheduler.jar"));
        Files.writeString(directory.resolve("GreetingCollector.java"), java);
        Files.writeString(directory.resolve("config/application.yaml"), block(page, "yaml") + "  source: host\n");
        lines = block(page, "sh").lines().toList();
    }

    @Test
    void leadsFromNothingToARunningOne() throws Exception {
        Ended collected =
                run(lines.stream().filter(line -> !line.startsWith(SERVICE)).toList());
        assertThat(collected.status()).as(collected.output()).isZero();
        assertGreeting(JsonMapper.builder()
                .build()
                .readTree(collected.output().substring(collected.output().indexOf("{\"version\""))));

        try (ServiceProcess service = ServiceProcess.jar(directory, arguments())) {
            service.awaitRunning();
            service.awaitCollection(
                    "greeting", status -> status.path("lastSuccessAt").isString());
            assertGreeting(
                    service.get("/api/payloads?collection=greeting&limit=1").at("/payloads/0/payload"));
            assertThat(service.log()).doesNotContain("s3cret");
        }
    }

    @Test
    void runsFromTheLayersOfTheContainerAndByAVariable() throws Exception {
        List<String> build = new ArrayList<>(lines.stream()
                .filter(line -> !line.startsWith(SERVICE) && !line.startsWith(COMMAND))
                .toList());
        build.add("mv config/application.yaml . && sed -i '/collectors:/,/directory:/d' application.yaml");
        build.add("SCHEDULER_COLLECTORS_DIRECTORY=collectors java -jar sdk/collection-scheduler.jar collect greeting");

        Ended collected = run(build);

        assertThat(collected.status()).as(collected.output()).isZero();
        assertThat(collected.output()).contains("\"text\":\"Hello world\"");
    }

    @Test
    void whatIsWrongWithItIsSaidAtOnce() throws Exception {
        List<String> build = new ArrayList<>(lines.stream()
                .filter(line -> !line.startsWith(SERVICE) && !line.startsWith(COMMAND))
                .toList());
        build.add("rm token.txt");
        build.add("head -c 1000 collectors/greeting.jar > collectors/half.jar");
        build.add("sed -i 's/name: world/nam: world/' config/application.yaml");
        build.add("java -jar target/collection-scheduler.jar check");

        Ended refused = run(build);

        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.output())
                .contains("scheduler.collectors.directory/half.jar: cannot be read as a jar")
                .contains("scheduler.collections.greeting.parameters.nam: is not a setting."
                        + " Under scheduler.collections.greeting.parameters there are: greeting, name, token")
                .contains("scheduler.collections.greeting.parameters.name: is missing")
                .contains("scheduler.collections.greeting.parameters.token: is a secret that is not there")
                .doesNotContain("\tat ");
    }

    private String[] arguments() {
        String start = lines.stream()
                .filter(line -> line.startsWith(SERVICE))
                .findFirst()
                .orElseThrow();
        return Arrays.stream(start.split(" "))
                .filter(word -> word.startsWith("--"))
                .toArray(String[]::new);
    }

    private static void assertGreeting(JsonNode payload) {
        assertThat(payload.path("type").asString()).isEqualTo("greeting");
        assertThat(payload.at("/data/text").asString()).isEqualTo("Hello world");
        assertThat(payload.at("/data/authorized").asBoolean()).isTrue();
    }

    private static String block(String page, String language) {
        Matcher block = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(page);
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    private Ended run(List<String> script) throws IOException, InterruptedException {
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-e", "-c", String.join("\n", script))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment()
                .merge("PATH", Path.of(System.getProperty("java.home"), "bin") + ":", (path, bin) -> bin + path);
        builder.environment().put("JDK_JAVA_OPTIONS", String.join(" ", ServiceProcess.QUICK_START));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            process.destroyForcibly();
        }
    }
}
