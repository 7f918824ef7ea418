package org.collectionscheduler.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** What Linux says about the machine, read in the plainest way. */
final class Proc {

    private Proc() {}

    static int processors() throws IOException {
        return (int) Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.matches("processor\\s*\\d*\\s*:.*"))
                .count();
    }

    static long memoryBytes(String name) throws IOException {
        return 1024
                * Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith(name + ":"))
                        .mapToLong(line -> Long.parseLong(line.split("\\s+")[1]))
                        .sum();
    }

    static Instant bootTime() throws IOException {
        return Files.readAllLines(Path.of("/proc/stat")).stream()
                .filter(line -> line.startsWith("btime "))
                .map(line ->
                        Instant.ofEpochSecond(Long.parseLong(line.substring(6).strip())))
                .findFirst()
                .orElseThrow();
    }
}
