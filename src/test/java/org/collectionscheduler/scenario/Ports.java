package org.collectionscheduler.scenario;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports on which processes that a test starts are to listen. */
public final class Ports {

    /** Below those that systems give to connections, any of which could be given away before a process listens. */
    private static final int FIRST = 10_000;

    private static final int LAST = 30_000;
    private static final int MOST_TRIES = 1_000;

    private Ports() {}

    /** One on which nobody listens. */
    public static int free() throws IOException {
        BindException taken = new BindException("no port was tried");
        for (int i = 0; i < MOST_TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                taken = e;
            }
        }
        throw taken;
    }
}
