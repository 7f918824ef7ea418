package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTests {

    private static final String CGROUP2_MOUNT =
            "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate";
    private static final String V1_NO_LIMIT = "9223372036854771712";

    @TempDir
    Path root;

    @Test
    void version2WithoutLimits() throws IOException {
        file("proc/self/cgroup", "0::/user.slice/service.scope");
        file("proc/self/mountinfo", CGROUP2_MOUNT);
        file("sys/fs/cgroup/user.slice/service.scope/memory.max", "max");
        file("sys/fs/cgroup/user.slice/service.scope/cpu.max", "max 100000");

        assertThat(read()).isEqualTo(new ContainerFacts(false, 2, null, null));
    }

    @Test
    void version2TakesTheLowestLimitOnTheWayUp() throws IOException {
        file("proc/self/cgroup", "0::/kubepods.slice/pod/container");
        file("proc/self/mountinfo", CGROUP2_MOUNT);
        file("sys/fs/cgroup/kubepods.slice/memory.max", "4294967296");
        file("sys/fs/cgroup/kubepods.slice/cpu.max", "400000 100000");
        file("sys/fs/cgroup/kubepods.slice/pod/memory.max", "536870912");
        file("sys/fs/cgroup/kubepods.slice/pod/container/memory.max", "1073741824");
        file("sys/fs/cgroup/kubepods.slice/pod/container/cpu.max", "150000 100000");

        assertThat(read()).isEqualTo(new ContainerFacts(true, 2, 536870912L, 1.5));
    }

    @Test
    void version2InANamespaceOfItsOwn() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("proc/self/mountinfo", CGROUP2_MOUNT);
        file("sys/fs/cgroup/memory.max", "268435456");
        file("sys/fs/cgroup/cpu.max", "50000 100000");
        file(".dockerenv", "");

        assertThat(read()).isEqualTo(new ContainerFacts(true, 2, 268435456L, 0.5));
    }

    @Test
    void version1WithTheContainersGroupMounted() throws IOException {
        file("proc/self/cgroup", "5:memory:/docker/0123456789ab", "3:cpu,cpuacct:/docker/0123456789ab", "0::/");
        file(
                "proc/self/mountinfo",
                "33 31 0:30 /docker/0123456789ab /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct",
                "35 31 0:32 /docker/0123456789ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "1073741824");
        file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "250000");
        file("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");

        assertThat(read()).isEqualTo(new ContainerFacts(true, 1, 1073741824L, 2.5));
    }

    @Test
    void version1WithoutLimits() throws IOException {
        file("proc/self/cgroup", "4:memory:/system.slice", "1:cpu:/", "0::/");
        file(
                "proc/self/mountinfo",
                "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu",
                "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", V1_NO_LIMIT);
        file("sys/fs/cgroup/memory/system.slice/memory.limit_in_bytes", V1_NO_LIMIT);
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");

        assertThat(read()).isEqualTo(new ContainerFacts(false, 1, null, null));
    }

    @Test
    void aGroupThatIsNotMountedHereMakesTheSectionPartial() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("proc/self/mountinfo", "24 23 0:22 / /proc rw - proc proc rw");

        Finding finding = new Cgroups(root).read();

        assertThat(finding.section().status()).isEqualTo(Section.Status.PARTIAL);
        assertThat(finding.value()).isEqualTo(new ContainerFacts(false, null, null, null));
    }

    @Test
    void aContainersRootShowsByItsLayers() throws IOException {
        file("proc/self/cgroup", "0::/");
        file(
                "proc/self/mountinfo",
                "700 600 0:60 / / rw - overlay overlay rw,lowerdir=/var/lib/containerd/snapshots/7/fs,upperdir=/x",
                CGROUP2_MOUNT);

        assertThat(read()).isEqualTo(new ContainerFacts(true, 2, null, null));
    }

    @Test
    void aPathThatLeavesTheMountIsNotFollowed() throws IOException {
        file("proc/self/cgroup", "0::/../../elsewhere");
        file("proc/self/mountinfo", CGROUP2_MOUNT);
        file("sys/fs/cgroup/memory.max", "1000");
        file("sys/elsewhere/memory.max", "1");

        assertThat(read()).isEqualTo(new ContainerFacts(false, 2, 1000L, null));
    }

    @Test
    void aLimitThatCannotBeUnderstoodIsNotNoLimit() throws IOException {
        file("proc/self/cgroup", "0::/");
        file("proc/self/mountinfo", CGROUP2_MOUNT);
        file("sys/fs/cgroup/memory.max", "plenty");

        assertThatThrownBy(this::read).isInstanceOf(NumberFormatException.class);
    }

    @Test
    void whereThereIsNoProcNothingIsClaimed() throws IOException {
        assertThat(read()).isEqualTo(new ContainerFacts(null, null, null, null));
    }

    private Object read() throws IOException {
        return Parts.value(new Cgroups(root).read());
    }

    private void file(String path, String... lines) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, String.join("\n", lines) + "\n");
    }
}
