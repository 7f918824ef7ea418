package org.collectionscheduler.host;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.collector.Section;
import oshi.software.os.OSFileStore;
import oshi.util.GlobalConfig;

/**
 * Reads mounted filesystems: those of the machine itself apart from those of the network, so that a server that is gone
 * hides none of the machine's own.
 */
final class FileSystems {

    /** In memory, in an image, or a window on something else: they hold no space of their own. */
    private static final Set<String> PSEUDO_TYPES = Set.of(
            "tmpfs",
            "ramfs",
            "devtmpfs",
            "overlay",
            "aufs",
            "nsfs",
            "squashfs",
            "fuse.lxcfs",
            "fuse.portal",
            "fuse.gvfsd-fuse",
            "fuse.snapfuse",
            "fuse.squashfuse");

    private static final String NO_INODES =
            "inodes are not known: the native library could not be loaded; set jna.tmpdir"
                    + " to a directory that can be written and executed from";

    static {
        // Set before the library first reads it; types missing there would be asked for together with local disks.
        GlobalConfig.set(
                GlobalConfig.OSHI_NETWORK_FILESYSTEM_TYPES,
                GlobalConfig.get(GlobalConfig.OSHI_NETWORK_FILESYSTEM_TYPES, "nfs,nfs4,cifs")
                        + ",9p,beegfs,ceph,davfs,fuse.ceph,fuse.davfs,fuse.glusterfs,fuse.rclone,fuse.s3fs,fuse.sshfs"
                        + ",gpfs,lustre,smb3");
    }

    private final Machine machine;

    FileSystems(Machine machine) {
        this.machine = machine;
    }

    /** Filesystems on the machine's own devices. */
    Finding local(Pseudonyms pseudonyms) {
        try {
            return finding(
                    new oshi.SystemInfo().getOperatingSystem().getFileSystem().getFileStores(true), pseudonyms);
        } catch (LinkageError e) {
            Finding found = finding(withoutNativeCode(true), pseudonyms);
            return found.value() == null ? found : Finding.partial(found.value(), NO_INODES);
        }
    }

    /** Filesystems of other machines. One that does not answer has no figures, and the section is partial. */
    Finding network(Pseudonyms pseudonyms) {
        return finding(
                withoutNativeCode(false).stream()
                        .filter(store -> !store.isLocal())
                        .toList(),
                pseudonyms);
    }

    private List<OSFileStore> withoutNativeCode(boolean localOnly) {
        return machine.facts().getOperatingSystem().getFileSystem().getFileStores(localOnly);
    }

    static Finding finding(List<OSFileStore> stores, Pseudonyms pseudonyms) {
        ResourceNames names = new ResourceNames(pseudonyms);
        List<FileSystemFacts> facts = distinct(stores).stream()
                .map(store -> FileSystemFacts.of(store, names))
                .sorted(Comparator.comparing(FileSystemFacts::mountPoint))
                .toList();
        long silent = facts.stream().filter(fact -> !fact.answers()).count();
        return silent == 0
                ? new Finding(facts, Section.ok("exact", null))
                : Finding.partial(facts, silent + " of " + facts.size() + " filesystems do not answer");
    }

    /** One entry for a device that is mounted in several places: the shortest path stands for it. */
    private static Collection<OSFileStore> distinct(List<OSFileStore> stores) {
        Map<String, OSFileStore> distinct = new LinkedHashMap<>();
        stores.stream()
                .filter(FileSystems::real)
                .sorted(Comparator.comparingInt(store -> store.getMount().length()))
                .forEach(store -> distinct.putIfAbsent(store.getVolume() + "|" + store.getTotalSpace(), store));
        return distinct.values();
    }

    private static boolean real(OSFileStore store) {
        boolean root = store.getMount().equals("/");
        boolean pseudo = PSEUDO_TYPES.contains(store.getType());
        boolean empty = store.isLocal() && store.getTotalSpace() == 0;
        return root || !pseudo && !empty;
    }
}
