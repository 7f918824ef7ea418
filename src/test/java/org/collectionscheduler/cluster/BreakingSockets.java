package org.collectionscheduler.cluster;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.SocketFactory;

/**
 * Connections to the database that break as often as the play says: half of them before what is said is sent, the others
 * after the database has done it and before it can be heard. PostgreSQL's driver makes it by its name in the URL.
 */
public final class BreakingSockets extends SocketFactory {

    private static final int EXCHANGES = 1000;

    private final Control breaks;

    /** @param controls the directory of the controls */
    public BreakingSockets(String controls) {
        breaks = Control.breaks(Path.of(controls));
    }

    @Override
    public Socket createSocket() {
        return new BreakingSocket();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    private final class BreakingSocket extends Socket {

        private volatile boolean breaksAtAnswer;

        @Override
        public OutputStream getOutputStream() throws IOException {
            return new FilterOutputStream(super.getOutputStream()) {
                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    decide();
                    out.write(bytes, from, length);
                }

                @Override
                public void write(int b) throws IOException {
                    out.write(b);
                }
            };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    int count = in.read(bytes, from, length);
                    if (breaksAtAnswer) {
                        breakNow();
                    }
                    return count;
                }

                @Override
                public int read() throws IOException {
                    int next = in.read();
                    if (breaksAtAnswer) {
                        breakNow();
                    }
                    return next;
                }
            };
        }

        private void decide() throws IOException {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            if (random.nextInt(EXCHANGES) < breaks.value()) {
                if (random.nextBoolean()) {
                    breakNow();
                }
                breaksAtAnswer = true;
            }
        }

        private void breakNow() throws IOException {
            close();
            throw new SocketException("broken as it was planned");
        }
    }
}
