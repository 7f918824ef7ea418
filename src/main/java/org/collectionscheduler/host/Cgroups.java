package org.collectionscheduler.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Finds the limits of Linux control groups, version 1, version 2 and both at once, and signs of a container. Our own
 * reading, because the library's looks at the process's own group only and not where a container mounts it.
 */
final class Cgroups {

    private static final List<String> CONTAINER_FILES =
            List.of(".dockerenv", "run/.containerenv", "run/systemd/container");

    /** Names that runtimes give to the groups of their containers. */
    private static final Pattern CONTAINER_GROUP = Pattern.compile(
            "/(docker|lxc|buildkit|kubepods[^/]*)(/|$)|/lxc\\.payload|(docker|libpod|crio|cri-containerd)-[0-9a-f]{12,}");

    /** Where runtimes keep the layers that make up a container's root. */
    private static final Pattern CONTAINER_LAYERS = Pattern.compile("=/.*(/docker/|containerd|/containers/)");

    private final Path root;

    /** @param root the directory that stands for {@code /} */
    Cgroups(Path root) {
        this.root = root;
    }

    /** Limits as {@link ContainerFacts}; partial where a group exists but cannot be seen from here. */
    Finding read() throws IOException {
        List<String> groups = KernelFiles.lines(root.resolve("proc/self/cgroup"));
        if (groups.isEmpty() && !Files.exists(root.resolve("proc/self"))) {
            return Finding.whole(new ContainerFacts(null, null, null, null));
        }
        List<CgroupMount> mounts = KernelFiles.lines(root.resolve("proc/self/mountinfo")).stream()
                .flatMap(line -> CgroupMount.parse(line).stream())
                .toList();
        Optional<CgroupHierarchy> memory = hierarchy("memory", groups, mounts);
        Optional<CgroupHierarchy> cpu = hierarchy("cpu", groups, mounts);
        OptionalLong limit = memory.isPresent() ? memory.get().memoryLimitBytes() : OptionalLong.empty();
        OptionalDouble quota = cpu.isPresent() ? cpu.get().cpuQuotaCores() : OptionalDouble.empty();
        ContainerFacts facts = new ContainerFacts(
                inContainer(groups, mounts),
                memory.or(() -> cpu).map(CgroupHierarchy::version).orElse(null),
                limit.isPresent() ? limit.getAsLong() : null,
                quota.isPresent() ? quota.getAsDouble() : null);
        boolean hidden = !groups.isEmpty() && (memory.isEmpty() || cpu.isEmpty());
        return hidden
                ? Finding.partial(facts, "limits may exist that are not visible: mount /sys/fs/cgroup to show them")
                : Finding.whole(facts);
    }

    /** A controller belongs to a hierarchy of version 1 when a line names it, else to that of version 2. */
    private Optional<CgroupHierarchy> hierarchy(String controller, List<String> groups, List<CgroupMount> mounts) {
        for (String line : groups) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
                return mounts.stream()
                        .filter(mount -> mount.type().equals("cgroup")
                                && mount.superOptions().contains(controller))
                        .findFirst()
                        .map(mount -> at(1, mount, parts[2]));
            }
        }
        return groups.stream()
                .filter(line -> line.startsWith("0::/"))
                .findFirst()
                .flatMap(line -> mounts.stream()
                        .filter(mount -> mount.type().equals("cgroup2"))
                        .findFirst()
                        .map(mount -> at(2, mount, line.substring("0::".length()))));
    }

    private CgroupHierarchy at(int version, CgroupMount mount, String group) {
        Path mountPoint = root.resolve(mount.mountPoint().substring(1));
        return CgroupHierarchy.of(version, mountPoint, Path.of(mount.relative(group)));
    }

    private boolean inContainer(List<String> groups, List<CgroupMount> mounts) {
        return CONTAINER_FILES.stream().anyMatch(file -> Files.exists(root.resolve(file)))
                || groups.stream()
                        .anyMatch(line -> CONTAINER_GROUP.matcher(line).find())
                || mounts.stream()
                        .filter(mount -> mount.mountPoint().equals("/"))
                        .flatMap(mount -> mount.superOptions().stream())
                        .anyMatch(option -> CONTAINER_LAYERS.matcher(option).find());
    }
}
