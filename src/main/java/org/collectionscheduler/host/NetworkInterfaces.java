package org.collectionscheduler.host;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.collector.Section;
import oshi.hardware.NetworkIF;

/**
 * Lists network interfaces. On Linux from {@code /sys/class/net}, because the Java runtime, which the library asks, does
 * not list interfaces that are down or have no address; elsewhere from the library.
 */
final class NetworkInterfaces {

    private static final int IANA_ETHERNET = 6;
    private static final int IANA_WIRELESS = 71;

    private final Machine machine;

    NetworkInterfaces(Machine machine) {
        this.machine = machine;
    }

    Finding read(Pseudonyms pseudonyms) throws IOException {
        ResourceNames names = new ResourceNames(pseudonyms);
        Path sysfs = machine.file("sys/class/net");
        List<NetworkInterfaceFacts> facts = Files.isDirectory(sysfs) ? fromSysfs(sysfs, names) : fromLibrary(names);
        return new Finding(
                facts.stream()
                        .sorted(Comparator.comparing(NetworkInterfaceFacts::name))
                        .toList(),
                Section.ok("exact", null));
    }

    private static List<NetworkInterfaceFacts> fromSysfs(Path sysfs, ResourceNames names) throws IOException {
        List<Path> directories;
        try (Stream<Path> entries = Files.list(sysfs)) {
            directories = entries.filter(Files::isDirectory).toList();
        }
        List<NetworkInterfaceFacts> facts = new ArrayList<>();
        for (Path directory : directories) {
            try {
                facts.add(new SysfsInterface(directory).read(names));
            } catch (IOException e) {
                if (Files.exists(directory)) {
                    throw e;
                }
                // Removed since it was listed, as happens when a container ends: it is no longer there to be counted.
            }
        }
        return facts;
    }

    private List<NetworkInterfaceFacts> fromLibrary(ResourceNames names) throws SocketException {
        List<NetworkInterfaceFacts> facts = new ArrayList<>();
        for (NetworkIF network : machine.facts().getHardware().getNetworkIFs(true)) {
            facts.add(new NetworkInterfaceFacts(
                    names.networkInterface(network.getName()),
                    kind(network),
                    network.getIfOperStatus() == NetworkIF.IfOperStatus.UP
                            || network.queryNetworkInterface().isUp(),
                    network.getSpeed() > 0 ? network.getSpeed() : null,
                    network.getBytesRecv(),
                    network.getBytesSent(),
                    network.getPacketsRecv(),
                    network.getPacketsSent(),
                    network.getInErrors(),
                    network.getOutErrors()));
        }
        return facts;
    }

    private static String kind(NetworkIF network) throws SocketException {
        if (network.queryNetworkInterface().isLoopback()) {
            return "loopback";
        }
        return switch (network.getIfType()) {
            case IANA_ETHERNET -> "ethernet";
            case IANA_WIRELESS -> "wireless";
            default -> "other";
        };
    }
}
