package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.collector.Collected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Collects in Java runtimes that are allowed less than the one that runs the tests. */
@EnabledOnOs(OS.LINUX)
class LimitedRuntimeTests {

    @TempDir
    Path directory;

    /** Prints processors and bytes of memory of the machine, and the processors of the runtime. */
    static final class SizeMain {

        private SizeMain() {}

        public static void main(String[] args) {
            System.out.println(CpuFacts.read(Machine.local()).threads()
                    + " " + MemoryFacts.read(Machine.local()).totalBytes()
                    + " " + Runtime.getRuntime().availableProcessors());
        }
    }

    /** Prints the state of the section on filesystems, whether they have a size, and whether they have inodes. */
    static final class FileSystemsMain {

        private FileSystemsMain() {}

        public static void main(String[] args) throws Exception {
            Collected collected = HostConfiguration.inventory(Machine.local(), new ProbeRunner(Duration.ofSeconds(30)))
                    .collect(new TestContext());
            List<FileSystemFacts> found = Parts.list(collected, "filesystems", FileSystemFacts.class);
            System.out.println(Parts.section(collected, "filesystems").status()
                    + " " + found.stream().allMatch(FileSystemFacts::answers)
                    + " " + found.stream().anyMatch(fact -> fact.inodesTotal() != null));
        }
    }

    @Test
    void aSmallRuntimeSeesTheWholeMachine() throws Exception {
        assertThat(lastLine(SizeMain.class, "-XX:ActiveProcessorCount=1", "-Xmx64m"))
                .isEqualTo(Proc.processors() + " " + Proc.memoryBytes("MemTotal") + " 1");
    }

    @Test
    void withoutNativeCodeOnlyTheInodesAreMissing() throws Exception {
        assertThat(lastLine(FileSystemsMain.class, "-Djna.nounpack=true", "-Djna.nosys=true"))
                .isEqualTo("PARTIAL true false");
    }

    private String lastLine(Class<?> main, String... options) throws Exception {
        Path output = directory.resolve("output");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(lines).isNotEmpty();
        return lines.get(lines.size() - 1);
    }
}
