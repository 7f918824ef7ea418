package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.settings.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class CollectorJarsTests {

    private static final String IMPORTS =
            "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    @TempDir
    private Path directory;

    record NamedCollector(String name) implements Collector {
        @Override
        public Collected collect(CollectionContext context) {
            throw new UnsupportedOperationException("only its name matters here");
        }
    }

    @Test
    void takesEveryJarInTheOrderOfTheirNamesAndNothingElse() throws Exception {
        jar("b.jar", Map.of("x.txt", "b".getBytes(StandardCharsets.UTF_8)));
        jar("a.jar", Map.of(IMPORTS, "# none yet\n\n".getBytes(StandardCharsets.UTF_8)));
        Files.writeString(directory.resolve("notes.txt"), "not a jar");

        assertThat(problems(directory)).isEmpty();
        assertThat(new CollectorJars(directory).usable())
                .extracting(jar -> jar.getFileName().toString())
                .containsExactly("a.jar", "b.jar");
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        for (Path wrong : List.of(file, directory.resolve("none"))) {
            assertThat(problems(wrong))
                    .singleElement()
                    .hasToString("scheduler.collectors.directory = '" + wrong + "': is no directory that can be read."
                            + " Create it, readable by this process, or remove the setting");
            assertThat(new CollectorJars(wrong).usable()).isEmpty();
        }
    }

    @Test
    void everyJarThatCannotBeUsedIsNamed() throws Exception {
        byte[] imports = "example.Gone\nexample.Newer".getBytes(StandardCharsets.UTF_8);
        byte[] newer = {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, (byte) 200};
        jar("gone.jar", Map.of(IMPORTS, imports, "example/Newer.class", newer));
        jar(
                "newer.jar",
                Map.of(IMPORTS, "example.Newer".getBytes(StandardCharsets.UTF_8), "example/Newer.class", newer));
        Files.writeString(directory.resolve("text.jar"), "no jar");
        byte[] whole = Files.readAllBytes(jar("damaged.jar", Map.of("x.txt", new byte[10_000])));
        whole[whole.length / 3] ^= 0x55;
        Files.write(directory.resolve("damaged.jar"), whole);
        Files.createDirectory(directory.resolve("folder.jar"));

        assertThat(problems(directory))
                .extracting(problem -> problem.key().replace("scheduler.collectors.directory/", "") + " "
                        + problem.wrong().replaceAll("(jar): .*", "$1"))
                .containsExactly(
                        "damaged.jar cannot be read as a jar",
                        "folder.jar cannot be read as a jar",
                        "gone.jar names the class example.Gone but does not hold it",
                        "gone.jar is compiled for Java 156, but this is Java "
                                + Runtime.version().feature(),
                        "newer.jar is compiled for Java 156, but this is Java "
                                + Runtime.version().feature(),
                        "text.jar cannot be read as a jar");
    }

    @Test
    void theApplicationFindsWhatIsInTheJars() throws Exception {
        jar("a.jar", Map.of("only/here.txt", "found".getBytes(StandardCharsets.UTF_8)));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try {
            SpringApplication with = processed(directory.toString());
            assertThat(with.getClassLoader().getResource("only/here.txt")).isNotNull();
            assertThat(with.getClassLoader().getParent()).isSameAs(before);
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(with.getClassLoader());
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @ParameterizedTest
    @CsvSource({"''", "/no/such/directory", "${missing}"})
    void withoutJarsNothingChanges(String setting) {
        ClassLoader before = Thread.currentThread().getContextClassLoader();

        assertThat(processed(setting).getClassLoader()).isSameAs(before);
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    }

    @Test
    void collectorsHaveNamesOfTheirOwnThatCanBeWritten() {
        List<Problem> problems = new ArrayList<>();
        CollectorNames.check(
                Stream.of("disks", "my-disks", "Disks", "my.disks", "")
                        .<Collector>map(NamedCollector::new)
                        .toList(),
                problems::add);

        assertThat(problems)
                .extracting(problem -> problem.key() + " " + problem.wrong().replaceAll(":.*", ""))
                .containsExactly(
                        "collector Disks is there twice",
                        "collector my.disks is not a name for a collector",
                        "collector  is not a name for a collector");
        assertThat(problems.get(0).wrong()).contains(NamedCollector.class.getName(), "from file:");
    }

    private static SpringApplication processed(String setting) {
        SpringApplication application = new SpringApplication(CollectorJarsTests.class);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of("scheduler.collectors.directory", setting)));
        new CollectorJarsPostProcessor().postProcessEnvironment(environment, application);
        return application;
    }

    private static List<Problem> problems(Path directory) {
        List<Problem> problems = new ArrayList<>();
        new CollectorsProperties(directory).check(problems::add);
        return problems;
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream output = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(output)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue());
            }
        }
        return file;
    }
}
