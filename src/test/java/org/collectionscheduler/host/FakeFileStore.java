package org.collectionscheduler.host;

import oshi.software.os.OSFileStore;

/** A filesystem that this machine does not have. A tenth of it is free, half of that usable. */
record FakeFileStore(String volume, String mount, String type, boolean local, long total, long inodes)
        implements OSFileStore {

    @Override
    public String getName() {
        return volume;
    }

    @Override
    public String getVolume() {
        return volume;
    }

    @Override
    public String getLabel() {
        return "";
    }

    @Override
    public String getLogicalVolume() {
        return "";
    }

    @Override
    public String getMount() {
        return mount;
    }

    @Override
    public String getDescription() {
        return "";
    }

    @Override
    public String getType() {
        return type;
    }

    @Override
    public String getOptions() {
        return "rw";
    }

    @Override
    public String getUUID() {
        return "";
    }

    @Override
    public boolean isLocal() {
        return local;
    }

    @Override
    public long getFreeSpace() {
        return total / 10;
    }

    @Override
    public long getUsableSpace() {
        return total / 20;
    }

    @Override
    public long getTotalSpace() {
        return total;
    }

    @Override
    public long getFreeInodes() {
        return inodes / 10;
    }

    @Override
    public long getTotalInodes() {
        return inodes;
    }

    @Override
    public boolean updateAttributes() {
        return true;
    }
}
