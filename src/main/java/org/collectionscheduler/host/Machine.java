package org.collectionscheduler.host;

import java.nio.file.Path;
import oshi.spi.SystemInfoProvider;

/**
 * Where the facts about a machine are read.
 *
 * @param root the directory that stands for {@code /} when files of the kernel are read; another one only in tests
 */
record Machine(Path root) {

    static Machine local() {
        return new Machine(Path.of("/"));
    }

    /** A file by its path below {@code /}, such as {@code proc/stat}. */
    Path file(String path) {
        return root.resolve(path);
    }

    /**
     * A new reader of facts that has cached nothing, so that a processor added or a clock set since the last run shows.
     * On Linux the one without native code: it needs no writable temporary directory.
     */
    SystemInfoProvider facts() {
        SystemInfoProvider withoutNativeCode = new oshi.nativefree.SystemInfo();
        return withoutNativeCode.isAvailable() ? withoutNativeCode : new oshi.SystemInfo();
    }
}
