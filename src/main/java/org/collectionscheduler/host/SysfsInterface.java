package org.collectionscheduler.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one directory of {@code /sys/class/net}. */
final class SysfsInterface {

    private static final long BITS_IN_MEGABIT = 1_000_000;
    private static final long FLAG_UP = 1;
    private static final String LOOPBACK_TYPE = "772";

    /** An entry in the interface's directory, and the kind that it stands for. */
    private static final Map<String, String> KIND_BY_ENTRY =
            Map.of("phy80211", "wireless", "bridge", "bridge", "bonding", "bond", "tun_flags", "tunnel");

    private final Path directory;

    SysfsInterface(Path directory) {
        this.directory = directory;
    }

    NetworkInterfaceFacts read(ResourceNames names) throws IOException {
        return new NetworkInterfaceFacts(
                names.networkInterface(String.valueOf(directory.getFileName())),
                kind(),
                up(),
                speed(),
                counter("rx_bytes"),
                counter("tx_bytes"),
                counter("rx_packets"),
                counter("tx_packets"),
                counter("rx_errors"),
                counter("tx_errors"));
    }

    private String kind() throws IOException {
        if (text("type").equals(LOOPBACK_TYPE)) {
            return "loopback";
        }
        return KIND_BY_ENTRY.entrySet().stream()
                .filter(entry -> Files.exists(directory.resolve(entry.getKey())))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Files.exists(directory.resolve("device")) ? "ethernet" : "virtual");
    }

    /** Drivers that keep no state, the loopback's first of all, say {@code unknown}; then the flag that is set decides. */
    private boolean up() throws IOException {
        String state = text("operstate");
        return state.equals("up") || state.equals("unknown") && (Long.decode(text("flags")) & FLAG_UP) != 0;
    }

    /** The kernel refuses to read the file, or shows -1, where the speed is not known. */
    private @Nullable Long speed() {
        try {
            long megabits = Long.parseLong(text("speed"));
            return megabits > 0 ? megabits * BITS_IN_MEGABIT : null;
        } catch (IOException e) {
            return null;
        }
    }

    private long counter(String name) throws IOException {
        return Long.parseUnsignedLong(text("statistics/" + name));
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(name)).strip();
    }
}
