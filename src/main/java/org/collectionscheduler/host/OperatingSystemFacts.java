package org.collectionscheduler.host;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import oshi.software.os.OperatingSystem;

/**
 * The operating system. In a container, family and version are those of the image; the kernel and the boot are the
 * machine's.
 *
 * @param family such as {@code Debian GNU/Linux}
 * @param version such as {@code 12}; null when unknown
 * @param codeName such as {@code bookworm}; null when unknown
 * @param build the number of the build, on Linux the release of the kernel; null when unknown
 * @param kernel name and release of the kernel
 * @param architecture as the Java runtime names it, such as {@code amd64}
 * @param bits width of an address in the operating system
 * @param bootTime when the kernel started, to the second
 */
record OperatingSystemFacts(
        String family,
        @Nullable String version,
        @Nullable String codeName,
        @Nullable String build,
        String kernel,
        String architecture,
        int bits,
        Instant bootTime) {

    static OperatingSystemFacts read(Machine machine) throws IOException {
        OperatingSystem system = machine.facts().getOperatingSystem();
        OperatingSystem.OSVersionInfo version = system.getVersionInfo();
        return new OperatingSystemFacts(
                system.getFamily(),
                known(version.getVersion()),
                known(version.getCodeName()),
                known(version.getBuildNumber()),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"),
                system.getBitness(),
                bootTime(machine, system));
    }

    /** From {@code /proc/stat} where there is one: it follows steps of the clock, and the library's value does not. */
    private static Instant bootTime(Machine machine, OperatingSystem system) throws IOException {
        return KernelFiles.lines(machine.file("proc/stat")).stream()
                .filter(line -> line.startsWith("btime "))
                .map(line -> Instant.ofEpochSecond(
                        Long.parseLong(line.substring("btime ".length()).strip())))
                .findFirst()
                .orElseGet(() -> Instant.ofEpochSecond(system.getSystemBootTime()));
    }

    /** Null for what the library answers where it knows nothing. */
    static @Nullable String known(@Nullable String text) {
        return text == null || text.isBlank() || text.equalsIgnoreCase("unknown") ? null : text.strip();
    }
}
