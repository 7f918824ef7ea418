package org.collectionscheduler.host;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.collectionscheduler.collector.Pseudonyms;

/**
 * Which machine this is, unreadable to anybody else.
 *
 * @param clusterId {@code cls_} and 32 hex digits
 * @param source what it was made from: {@code machine-id}, {@code hardware-uuid}, {@code hostname}, or {@code deployment}
 *     where the machine has none of them; the last is the same on all machines of one deployment
 */
record MachineIdentity(String clusterId, String source) {

    static final String RULE = "machine-identity:hmac-sha256";

    private static final int HEX_DIGITS = 32;
    private static final List<String> ID_FILES = List.of("etc/machine-id", "var/lib/dbus/machine-id");

    /** What systemd writes, machine-id(5); not the word that stands there before the first boot, and not all zeros. */
    private static final Pattern MACHINE_ID = Pattern.compile("(?!0{32})[0-9a-f]{32}");

    /** A UUID that is none of those that makers of boards leave in place, all zeros or all ones. */
    private static final Pattern HARDWARE_UUID = Pattern.compile(
            "(?!0{8}-|[fF]{8}-|03000200-0400-0500-0006-000700080009)[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    static Probe probe(Machine machine) {
        return probe(
                machine,
                () -> machine.facts().getHardware().getComputerSystem().getHardwareUUID(),
                () -> machine.facts().getOperatingSystem().getNetworkParams().getHostName());
    }

    /**
     * @param hardwareUuid asked only where there is no machine id
     * @param hostName asked only where there is no hardware UUID either
     */
    static Probe probe(Machine machine, Supplier<String> hardwareUuid, Supplier<String> hostName) {
        return new Probe(
                "machine-id",
                "clusterId",
                pseudonyms -> find(machine, hardwareUuid, hostName, pseudonyms)
                        .map(Finding::whole)
                        .orElseGet(() -> Finding.unavailable("this machine has no machine id, no hardware UUID and no"
                                + " name of its own; clusterId stands for the deployment instead. Run"
                                + " systemd-machine-id-setup, or mount /etc/machine-id")));
    }

    /** Used where the machine cannot be told from others. */
    static MachineIdentity ofDeployment(Pseudonyms pseudonyms) {
        return of("deployment", "host", pseudonyms);
    }

    private static Optional<MachineIdentity> find(
            Machine machine, Supplier<String> hardwareUuid, Supplier<String> hostName, Pseudonyms pseudonyms)
            throws IOException {
        Optional<String> machineId = machineId(machine);
        if (machineId.isPresent()) {
            return machineId.map(id -> of("machine-id", id, pseudonyms));
        }
        return Optional.of(hardwareUuid.get())
                .filter(uuid -> HARDWARE_UUID.matcher(uuid).matches())
                .map(uuid -> of("hardware-uuid", uuid, pseudonyms))
                .or(() -> Optional.of(hostName.get())
                        .filter(MachineIdentity::tellsApart)
                        .map(host -> of("hostname", host, pseudonyms)));
    }

    private static boolean tellsApart(String hostName) {
        return !hostName.isBlank() && !hostName.startsWith("localhost") && !hostName.equals("unknown");
    }

    private static Optional<String> machineId(Machine machine) throws IOException {
        for (String path : ID_FILES) {
            Optional<String> id = KernelFiles.line(machine.file(path))
                    .filter(line -> MACHINE_ID.matcher(line).matches());
            if (id.isPresent()) {
                return id;
            }
        }
        return Optional.empty();
    }

    private static MachineIdentity of(String source, String raw, Pseudonyms pseudonyms) {
        return new MachineIdentity("cls_" + pseudonyms.hash(source, raw).substring(0, HEX_DIGITS), source);
    }
}
