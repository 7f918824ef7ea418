package org.collectionscheduler.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** This process among all that share a store. Safe for use by many threads. */
public final class Instance {

    private final String host;
    private final String version;
    private final String name;
    private volatile int life = 1;

    private Instance(String host, String version, String name) {
        this.host = host;
        this.version = version;
        this.name = name;
    }

    /** @param version of this build */
    static Instance current(String version) {
        String random =
                HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
        String host = hostName();
        return new Instance(host, version, ProcessHandle.current().pid() + "@" + host + "-" + random);
    }

    /** One of that name, for a process that is several instances. */
    static Instance named(String name) {
        return new Instance("localhost", "test", name);
    }

    /**
     * Process number, host and a random part, for in a container the first two do not change with a restart; and which of
     * its lives it is, from the second on.
     */
    public String id() {
        int now = life;
        return now == 1 ? name : name + "-" + now;
    }

    public String host() {
        return host;
    }

    public String version() {
        return version;
    }

    /** The others believe this process dead: it goes on as another one. */
    public synchronized void beginAnotherLife() {
        life++;
    }

    @Override
    public String toString() {
        return id();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
