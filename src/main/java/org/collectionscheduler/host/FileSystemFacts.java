package org.collectionscheduler.host;

import org.jspecify.annotations.Nullable;
import oshi.software.os.OSFileStore;

/**
 * One mounted filesystem.
 *
 * @param mountPoint by the rule of {@link ResourceNames}
 * @param type as the operating system names it, such as {@code ext4}
 * @param totalBytes its size; null, like all other numbers, when it does not answer
 * @param freeBytes bytes not in use
 * @param usableBytes bytes that programs without privileges may still write
 * @param inodesTotal null when the filesystem has no fixed number of them, or they cannot be read
 * @param inodesFree null when {@code inodesTotal} is
 */
record FileSystemFacts(
        String mountPoint,
        String type,
        @Nullable Long totalBytes,
        @Nullable Long freeBytes,
        @Nullable Long usableBytes,
        @Nullable Long inodesTotal,
        @Nullable Long inodesFree) {

    static FileSystemFacts of(OSFileStore store, ResourceNames names) {
        boolean answers = store.getTotalSpace() > 0;
        boolean inodes = store.getTotalInodes() > 0;
        return new FileSystemFacts(
                names.mountPoint(store.getMount()),
                store.getType(),
                answers ? store.getTotalSpace() : null,
                answers ? store.getFreeSpace() : null,
                answers ? store.getUsableSpace() : null,
                inodes ? store.getTotalInodes() : null,
                inodes ? store.getFreeInodes() : null);
    }

    boolean answers() {
        return totalBytes != null;
    }
}
