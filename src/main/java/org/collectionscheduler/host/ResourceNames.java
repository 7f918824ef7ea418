package org.collectionscheduler.host;

import java.util.Set;
import java.util.regex.Pattern;
import org.collectionscheduler.collector.Pseudonyms;

/**
 * Names that say nothing about their owner stay readable; all others become {@code mount-} or {@code interface-} and 12
 * hex digits.
 */
final class ResourceNames {

    static final String MOUNT_POINT_RULE = "mount-points:well-known-or-hmac-sha256";
    static final String INTERFACE_RULE = "interface-names:conventional-or-hmac-sha256";

    private static final int HEX_DIGITS = 12;

    /** Directories that the Filesystem Hierarchy Standard and common runtimes know, and their like elsewhere. */
    private static final Set<String> MOUNT_POINTS = Set.of(
            "/",
            "/boot",
            "/boot/efi",
            "/data",
            "/efi",
            "/home",
            "/mnt",
            "/opt",
            "/root",
            "/srv",
            "/tmp",
            "/usr",
            "/usr/local",
            "/var",
            "/var/cache",
            "/var/lib",
            "/var/lib/containerd",
            "/var/lib/containers",
            "/var/lib/docker",
            "/var/lib/kubelet",
            "/var/log",
            "/var/log/audit",
            "/var/spool",
            "/var/tmp",
            "/System/Volumes/Data",
            "/System/Volumes/Preboot",
            "/System/Volumes/Update",
            "/System/Volumes/VM");

    private static final Pattern DRIVE = Pattern.compile("[A-Z]:\\\\?");

    /**
     * Names that a kernel or udev makes from a number or a place on a bus. Not {@code enx…} and {@code wlx…}, which hold
     * a hardware address, nor {@code veth…}, {@code br-…} and {@code eth0.100}, which hold the name of something else.
     */
    private static final Pattern INTERFACE = Pattern.compile(
            "(lo|eth|wlan|wwan|ib|bond|team|br|docker|virbr|tun|tap|wg|ppp|dummy|ifb|sit|ip6tnl|tunl|gre|en|utun|awdl|llw"
                    + "|bridge|gif|stf|anpi|ap)\\d{0,4}"
                    + "|(en|wl|ww|ib)(P\\d{1,5})?(o\\d{1,4}|(p\\d{1,4})?s\\d{1,4})(f\\d{1,3})?(u\\d{1,3})*(i\\d{1,3})?"
                    + "(np\\d{1,3}|d\\d{1,3}|v\\d{1,3})*"
                    + "|(ethernet|wireless|loopback|tunnel|ppp)_\\d{1,6}");

    private final Pseudonyms pseudonyms;

    ResourceNames(Pseudonyms pseudonyms) {
        this.pseudonyms = pseudonyms;
    }

    String mountPoint(String path) {
        return MOUNT_POINTS.contains(path) || DRIVE.matcher(path).matches()
                ? path
                : "mount-" + pseudonyms.hash("mount-point", path).substring(0, HEX_DIGITS);
    }

    String networkInterface(String name) {
        return INTERFACE.matcher(name).matches()
                ? name
                : "interface-" + pseudonyms.hash("network-interface", name).substring(0, HEX_DIGITS);
    }
}
