package org.collectionscheduler.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The groups that limit this process in one hierarchy of control groups.
 *
 * @param version 1 or 2
 * @param groups directories from the process's own group up to the topmost visible one; a limit of any of them counts
 */
record CgroupHierarchy(int version, List<Path> groups) {

    /** Version 1 shows "no limit" as the largest number that is a whole number of pages. */
    private static final long V1_NO_LIMIT = Long.MAX_VALUE - (1L << 20);

    /**
     * @param mountPoint where the hierarchy is mounted
     * @param group the process's group, relative to the mount point
     */
    static CgroupHierarchy of(int version, Path mountPoint, Path group) {
        List<Path> groups = new ArrayList<>();
        Path top = mountPoint.normalize();
        Path own = top.resolve(group).normalize();
        for (Path path = own.startsWith(top) ? own : top;
                path.startsWith(top);
                path = path.resolve("..").normalize()) {
            groups.add(path);
            if (path.equals(top)) {
                break;
            }
        }
        return new CgroupHierarchy(version, List.copyOf(groups));
    }

    /** The lowest limit of memory in bytes; empty for no limit. */
    OptionalLong memoryLimitBytes() throws IOException {
        OptionalLong lowest = OptionalLong.empty();
        for (Path group : groups) {
            Optional<String> text =
                    KernelFiles.line(group.resolve(version == 2 ? "memory.max" : "memory.limit_in_bytes"));
            if (text.isPresent() && !text.get().equals("max")) {
                long limit = Long.parseLong(text.get());
                if (limit < V1_NO_LIMIT) {
                    lowest = OptionalLong.of(Math.min(limit, lowest.orElse(limit)));
                }
            }
        }
        return lowest;
    }

    /** The lowest quota of processor time, in processors; empty for no quota. */
    OptionalDouble cpuQuotaCores() throws IOException {
        OptionalDouble lowest = OptionalDouble.empty();
        for (Path group : groups) {
            OptionalDouble quota = version == 2 ? quotaV2(group) : quotaV1(group);
            if (quota.isPresent()) {
                lowest = OptionalDouble.of(Math.min(quota.getAsDouble(), lowest.orElse(quota.getAsDouble())));
            }
        }
        return lowest;
    }

    /** One file: {@code "<quota> <period>"} in microseconds, or {@code "max <period>"}. */
    private static OptionalDouble quotaV2(Path group) throws IOException {
        Optional<String> text = KernelFiles.line(group.resolve("cpu.max"));
        if (text.isEmpty() || text.get().startsWith("max")) {
            return OptionalDouble.empty();
        }
        String[] parts = text.get().split("\\s+", 2);
        if (parts.length < 2) {
            throw new IOException("cpu.max has no period");
        }
        return OptionalDouble.of(Double.parseDouble(parts[0]) / Double.parseDouble(parts[1]));
    }

    /** Two files with microseconds; a quota of -1 is none. */
    private static OptionalDouble quotaV1(Path group) throws IOException {
        Optional<String> quota = KernelFiles.line(group.resolve("cpu.cfs_quota_us"));
        Optional<String> period = KernelFiles.line(group.resolve("cpu.cfs_period_us"));
        if (quota.isEmpty() || period.isEmpty() || quota.get().startsWith("-")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(Double.parseDouble(quota.get()) / Double.parseDouble(period.get()));
    }
}
