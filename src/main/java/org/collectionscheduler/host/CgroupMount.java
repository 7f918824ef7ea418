package org.collectionscheduler.host;

import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/self/mountinfo}, proc_pid_mountinfo(5).
 *
 * @param root the directory of the filesystem that is mounted; other than {@code /} in most containers
 * @param mountPoint where it is mounted, absolute
 * @param type of the filesystem
 * @param superOptions options of the filesystem; for control groups version 1 they name the controllers
 */
record CgroupMount(String root, String mountPoint, String type, List<String> superOptions) {

    /** Empty for a line that is not understood. */
    static Optional<CgroupMount> parse(String line) {
        int separator = line.indexOf(" - ");
        if (separator < 0) {
            return Optional.empty();
        }
        String[] left = line.substring(0, separator).split(" ", -1);
        String[] right = line.substring(separator + 3).split(" ", 3);
        if (left.length < 5 || right.length < 3) {
            return Optional.empty();
        }
        return Optional.of(new CgroupMount(
                unescape(left[3]),
                unescape(left[4]),
                right[0],
                List.of(right[2].strip().split(",", -1))));
    }

    /**
     * A group's path relative to the mount point.
     *
     * @param path as in {@code /proc/self/cgroup}; empty for one outside of what is mounted, which means the mount point
     */
    String relative(String path) {
        if (!path.startsWith("/") || path.contains("/..")) {
            return "";
        }
        if (root.equals("/")) {
            return path.substring(1);
        }
        return path.startsWith(root + "/") ? path.substring(root.length() + 1) : "";
    }

    private static String unescape(String text) {
        return text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
    }
}
