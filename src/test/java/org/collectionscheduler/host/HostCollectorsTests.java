package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import tools.jackson.databind.json.JsonMapper;

/** Both collectors on the machine that runs the tests. */
class HostCollectorsTests {

    private static final Path ROOT = Path.of("/");

    private final ProbeRunner runner = new ProbeRunner(Duration.ofSeconds(30));
    private final Collector metadata = HostConfiguration.metadata(Machine.local(), runner);
    private final Collector inventory = HostConfiguration.inventory(Machine.local(), runner);

    @Test
    void bothAreNamedAndLimitedAsPromised() {
        assertThat(metadata.name()).isEqualTo("cluster-metadata");
        assertThat(metadata.minimumInterval()).isEqualTo(Duration.ofHours(1));
        assertThat(inventory.name()).isEqualTo("resource-inventory");
        assertThat(inventory.minimumInterval()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void bothIdentifyTheSameMachine() throws Exception {
        Collected one = metadata.collect(new TestContext());
        Collected other = inventory.collect(new TestContext());

        for (Collected collected : List.of(one, other)) {
            assertThat(collected.kind()).isEqualTo("host");
            assertThat(collected.cost()).isEqualTo(Cost.NONE);
            assertThat(collected.data().get("timestamp")).isEqualTo(TestContext.NOW);
            assertThat(Parts.field(collected, "collectionId", String.class)).matches("coll_[0-9a-f]{32}");
            assertThat(Parts.field(collected, "clusterId", String.class)).matches("cls_[0-9a-f]{32}");
        }
        assertThat(Parts.field(one, "clusterId", String.class))
                .isEqualTo(Parts.field(other, "clusterId", String.class));
        assertThat(Parts.field(one, "collectionId", String.class))
                .isNotEqualTo(Parts.field(other, "collectionId", String.class));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void everySectionIsWholeOnLinux() throws Exception {
        assertThat(metadata.collect(new TestContext()).sections())
                .containsOnlyKeys("machine-id", "operating-system", "cpu", "memory", "container")
                .allSatisfy((name, section) -> assertThat(section.status()).isEqualTo(Section.Status.OK));
        assertThat(inventory.collect(new TestContext()).sections())
                .containsOnlyKeys("machine-id", "processes", "filesystems", "network-filesystems", "network")
                .allSatisfy((name, section) -> assertThat(section.status()).isEqualTo(Section.Status.OK));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void processorsAndMemoryAreThoseOfProc() throws Exception {
        Collected collected = metadata.collect(new TestContext());

        CpuFacts cpu = Parts.field(collected, "cpu", CpuFacts.class);
        assertThat(cpu.threads()).isEqualTo(Proc.processors());
        assertThat(cpu.cores()).isBetween(1, cpu.threads());
        assertThat(cpu.sockets()).isBetween(1, cpu.cores());
        MemoryFacts memory = Parts.field(collected, "memory", MemoryFacts.class);
        assertThat(memory.totalBytes()).isEqualTo(Proc.memoryBytes("MemTotal"));
        assertThat(memory.availableBytes()).isBetween(1L, memory.totalBytes());
        assertThat(memory.swapTotalBytes()).isEqualTo(Proc.memoryBytes("SwapTotal"));
        assertThat(memory.swapUsedBytes()).isBetween(0L, memory.swapTotalBytes());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void bootTimeAndKernelAreThoseOfProc() throws Exception {
        Instant before = Proc.bootTime();
        OperatingSystemFacts system =
                Parts.field(metadata.collect(new TestContext()), "operatingSystem", OperatingSystemFacts.class);
        Instant after = Proc.bootTime();

        assertThat(system.bootTime()).isIn(before, after);
        assertThat(system.kernel())
                .isEqualTo("Linux "
                        + Files.readString(Path.of("/proc/sys/kernel/osrelease"))
                                .strip());
        assertThat(system.family()).isNotBlank();
    }

    @Test
    void processesAddUp() throws Exception {
        ProcessFacts processes = Parts.field(inventory.collect(new TestContext()), "processes", ProcessFacts.class);

        assertThat(processes.byState().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(processes.total())
                .isPositive();
        assertThat(processes.threads()).isGreaterThanOrEqualTo(processes.total());
    }

    @Test
    void figuresOfTheRootFilesystemAreThoseOfTheRuntime() throws Exception {
        FileStore runtime = Files.getFileStore(ROOT);
        List<FileSystemFacts> filesystems =
                Parts.list(inventory.collect(new TestContext()), "filesystems", FileSystemFacts.class);

        assertThat(filesystems)
                .filteredOn(fact -> fact.mountPoint().equals("/"))
                .singleElement()
                .satisfies(root -> {
                    assertThat(root.type()).isEqualTo(runtime.type());
                    assertThat(root.totalBytes()).isEqualTo(runtime.getTotalSpace());
                    long tolerance = runtime.getTotalSpace() / 20;
                    assertThat(root.freeBytes()).isCloseTo(runtime.getUnallocatedSpace(), within(tolerance));
                    assertThat(root.usableBytes()).isCloseTo(runtime.getUsableSpace(), within(tolerance));
                });
    }

    @Test
    void noFilesystemIsPseudo() throws Exception {
        List<FileSystemFacts> filesystems =
                Parts.list(inventory.collect(new TestContext()), "filesystems", FileSystemFacts.class);

        assertThat(filesystems).extracting(FileSystemFacts::mountPoint).doesNotHaveDuplicates();
        assertThat(filesystems)
                .filteredOn(fact -> !fact.mountPoint().equals("/"))
                .extracting(FileSystemFacts::type)
                .doesNotContain("proc", "sysfs", "tmpfs", "devtmpfs", "devpts", "cgroup", "cgroup2", "overlay");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void everyInterfaceIsListedEvenThoseThatAreDown() throws Exception {
        List<NetworkInterfaceFacts> interfaces =
                Parts.list(inventory.collect(new TestContext()), "networkInterfaces", NetworkInterfaceFacts.class);

        try (Stream<Path> entries = Files.list(Path.of("/sys/class/net"))) {
            assertThat(interfaces)
                    .hasSize((int) entries.filter(Files::isDirectory).count());
        }
        assertThat(interfaces)
                .filteredOn(fact -> fact.name().equals("lo"))
                .singleElement()
                .satisfies(loopback -> {
                    assertThat(loopback.kind()).isEqualTo("loopback");
                    assertThat(loopback.up()).isTrue();
                    assertThat(loopback.speedBitsPerSecond()).isNull();
                });
    }

    @Test
    void nothingThatNamesTheMachineIsInTheData() throws Exception {
        JsonMapper json = JsonMapper.builder().build();
        Set<String> secrets = secrets();
        assertThat(secrets).isNotEmpty();

        for (Collector collector : List.of(metadata, inventory)) {
            String written = json.writeValueAsString(collector.collect(new TestContext()))
                    .toLowerCase(Locale.ROOT);
            assertThat(secrets)
                    .noneMatch(secret -> Pattern.compile("(?<![\\w-])" + Pattern.quote(secret) + "(?![\\w-])")
                            .matcher(written)
                            .find());
        }
    }

    @Test
    void noFieldOfKubernetesIsInvented() throws Exception {
        assertThat(metadata.collect(new TestContext()).data().keySet())
                .doesNotContain("kubernetesVersion", "kubernetesGitVersion", "nodeCount", "provider", "nodes");
        assertThat(inventory.collect(new TestContext()).data().keySet()).doesNotContain("namespaces", "resources");
    }

    /** In lower case: machine ids, names and addresses of this machine. */
    private static Set<String> secrets() throws IOException {
        Set<String> secrets = new HashSet<>();
        for (String file : List.of(
                "etc/machine-id",
                "var/lib/dbus/machine-id",
                "proc/sys/kernel/hostname",
                "proc/sys/kernel/random/boot_id",
                "sys/class/dmi/id/product_uuid",
                "sys/class/dmi/id/product_serial")) {
            if (Files.isReadable(ROOT.resolve(file))) {
                secrets.add(Files.readString(ROOT.resolve(file)).strip());
            }
        }
        NetworkInterface.networkInterfaces().forEach(network -> {
            network.inetAddresses().map(InetAddress::getHostAddress).forEach(secrets::add);
        });
        if (Files.isDirectory(Path.of("/sys/class/net"))) {
            try (Stream<Path> entries = Files.list(Path.of("/sys/class/net"))) {
                for (Path entry : entries.filter(path -> Files.exists(path.resolve("address")))
                        .toList()) {
                    secrets.add(Files.readString(entry.resolve("address")).strip());
                }
            }
        }
        secrets.removeIf(String::isBlank);
        return Set.copyOf(
                secrets.stream().map(secret -> secret.toLowerCase(Locale.ROOT)).toList());
    }
}
