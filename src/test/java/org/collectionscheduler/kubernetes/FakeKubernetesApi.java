package org.collectionscheduler.kubernetes;

import static org.collectionscheduler.kubernetes.FakeHttpExchange.Encoding.GZIP_CUT_SHORT;
import static org.collectionscheduler.kubernetes.FakeHttpExchange.Encoding.GZIP_WHERE_LARGE;
import static org.collectionscheduler.kubernetes.FakeHttpExchange.Encoding.PLAIN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A small API server on loopback that serves lists the way the real one does, counts what it sends, and misbehaves on
 * command. Objects are made while they are read, so a large cluster needs no memory.
 */
public final class FakeKubernetesApi implements AutoCloseable {

    /** One request as it came. */
    public record Request(String method, String path, Map<String, String> query, Map<String, String> headers) {}

    private static final int BACKLOG = 200;

    private final FakeAnswers answers;
    private final ServerSocket server;
    private final boolean tls;
    private final ExecutorService threads = Executors.newCachedThreadPool(new NamedThreads("fake-kubernetes"));
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final FakeOrders<Misbehaviour> orders = new FakeOrders<>();
    private final FakeGate gate = new FakeGate();
    private final FakeStats stats = new FakeStats();
    private final FakeHttpExchange.Meters meters = stats.meters();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile boolean recording = true;
    private volatile Duration delay = Duration.ZERO;

    private FakeKubernetesApi(FakeCluster cluster, ServerSocket server, boolean tls) {
        this.answers = new FakeAnswers(cluster);
        this.server = server;
        this.tls = tls;
    }

    public static FakeKubernetesApi start(FakeCluster cluster) {
        return start(cluster, 0, null);
    }

    /**
     * @param port 0 for any
     * @param tls null for plain HTTP
     */
    public static FakeKubernetesApi start(FakeCluster cluster, int port, @Nullable SSLContext tls) {
        try {
            InetAddress loopback = InetAddress.getByName("127.0.0.1");
            ServerSocket server = tls == null
                    ? new ServerSocket(port, BACKLOG, loopback)
                    : tls.getServerSocketFactory().createServerSocket(port, BACKLOG, loopback);
            FakeKubernetesApi api = new FakeKubernetesApi(cluster, server, tls != null);
            api.threads.execute(api::accept);
            return api;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + server.getLocalPort();
    }

    /** Refuses requests without this bearer token from now on; null lets everybody in. */
    public void requireToken(@Nullable String required) {
        gate.require(required);
    }

    /** Wants another bearer token after so many further requests, whether they were let in or not. */
    public void rotateTokenAfter(int further, String token) {
        gate.rotateAfter(further, token);
    }

    /** Misbehaves at every request to the path; see {@link #misbehave(String, Misbehaviour, int)}. */
    public void misbehave(String path, Misbehaviour misbehaviour) {
        misbehave(path, misbehaviour, Integer.MAX_VALUE);
    }

    /**
     * Misbehaves at the next requests to the path, then well again. It may be a pattern such as
     * {@code /api/v1/namespaces/}{@code *}{@code /pods}; see {@link FakeOrders}.
     */
    public void misbehave(String path, Misbehaviour misbehaviour, int times) {
        orders.put(path, misbehaviour, times);
    }

    /** Lets the next tokens that come to the path or pattern be expired: 410 with a token to go on inconsistently. */
    public void expireTokens(String path, int times) {
        answers.expireTokens(path, times);
    }

    /** Forgets all states but the newest, so that tokens and exact versions from before are answered by 410. */
    public void compact() {
        answers.versions().compact();
    }

    /** Forgets states from now on when they are older than so many versions. */
    public void keepVersions(long versions) {
        answers.versions().keep(versions);
    }

    /** The newest; every request to an object or a list moves it on by one. */
    public long resourceVersion() {
        return answers.versions().current();
    }

    /** Waits so long before the head of each answer from now on. */
    public void delay(Duration beforeEachAnswer) {
        this.delay = beforeEachAnswer;
    }

    /** Does not keep requests any more, which would fill the memory of a long measurement. */
    public void stopRecording() {
        recording = false;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Bytes of bodies after compression. */
    public long bytesWire() {
        return stats.bytesWire();
    }

    /** Bytes of bodies before compression. */
    public long bytesDecoded() {
        return stats.bytesDecoded();
    }

    /** How many requests waited for the head of their answer at the same time, at most. */
    public int mostInFlight() {
        return mostInFlight.get();
    }

    /** How many connections were ever made. */
    public int connections() {
        return connections.get();
    }

    /** How many requests the client gave up while this server stalled. */
    public int abandoned() {
        return abandoned.get();
    }

    /** A kubeconfig without TLS. @param user lines of the user entry in YAML, such as {@code token: abc} */
    public Path writeKubeconfig(Path file, String... user) {
        return writeKubeconfig(file, List.of(), List.of(user));
    }

    /** @param clusterLines further lines of the cluster entry, such as {@code certificate-authority: ca.crt} */
    public Path writeKubeconfig(Path file, List<String> clusterLines, List<String> userLines) {
        String text = FakeKubeconfig.text(url(), clusterLines, userLines);
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (closed.getCount() > 0) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            FakeHttpExchange exchange = new FakeHttpExchange(socket, meters);
            for (FakeHttpExchange.Head head = exchange.read(); head != null; head = exchange.read()) {
                FakeAnswer ofStats = stats.answer(head);
                if (ofStats == null) {
                    record(head);
                    answer(head, exchange, socket);
                } else {
                    new FakeHttpExchange(socket, FakeStats.UNCOUNTED)
                            .answer(opening(ofStats), PLAIN, ofStats.body(), null);
                }
            }
        } catch (IOException e) {
            // The client went away, or this server cut the connection on purpose.
        } finally {
            sockets.remove(socket);
        }
    }

    private void record(FakeHttpExchange.Head head) {
        stats.countRequest();
        if (recording) {
            requests.add(new Request(head.method(), head.path(), head.query(), head.headers()));
        }
    }

    private void answer(FakeHttpExchange.Head head, FakeHttpExchange exchange, Socket socket) throws IOException {
        Misbehaviour odd = orders.next(head.path());
        boolean letIn = gate.letsIn(head.headers().get("authorization"));
        Misbehaviour.Type type = odd == null ? null : odd.type();
        if (type == Misbehaviour.Type.SILENT) {
            stall(exchange);
        } else if (type == Misbehaviour.Type.HANG_UP) {
            socket.close();
        } else {
            mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            pause(odd != null && type == Misbehaviour.Type.SLOW ? odd.delay().plus(delay) : delay);
            inFlight.decrementAndGet();
            FakeAnswer answer = odd == null ? null : odd.answer(Clock.systemUTC());
            if (answer == null) {
                answer = letIn
                        ? answers.answer(head, odd)
                        : Misbehaviour.status(401).answer(Clock.systemUTC());
            }
            exchange.answer(
                    opening(Objects.requireNonNull(answer)),
                    encoding(head, type),
                    answer.body(),
                    letIn ? halfway(odd, exchange, socket) : null);
        }
    }

    private static String opening(FakeAnswer answer) {
        StringBuilder opening = new StringBuilder("HTTP/1.1 " + answer.status() + " Fake\r\n");
        answer.headers().forEach((name, value) -> opening.append(name + ": " + value + "\r\n"));
        if (!answer.headers().containsKey("Date")) {
            opening.append("Date: " + Misbehaviour.httpDate(Clock.systemUTC().instant()) + "\r\n");
        }
        return opening.append("Cache-Control: no-cache, private\r\n").toString();
    }

    private static FakeHttpExchange.Encoding encoding(
            FakeHttpExchange.Head head, Misbehaviour.@Nullable Type misbehaviour) {
        if (!head.headers().getOrDefault("accept-encoding", "").contains("gzip")) {
            return PLAIN;
        }
        return misbehaviour == Misbehaviour.Type.TRUNCATED_GZIP ? GZIP_CUT_SHORT : GZIP_WHERE_LARGE;
    }

    private FakeHttpExchange.@Nullable Interruption halfway(
            @Nullable Misbehaviour odd, FakeHttpExchange exchange, Socket socket) {
        if (odd == null) {
            return null;
        }
        return switch (odd.type()) {
            case STALL -> () -> stall(exchange);
            case TRUNCATE -> () -> cut(socket);
            case RESET ->
                () -> {
                    socket.setSoLinger(true, 0);
                    return cut(socket);
                };
            case DRIP ->
                () -> {
                    pause(odd.delay());
                    return 10;
                };
            default -> null;
        };
    }

    private static int cut(Socket socket) throws IOException {
        socket.close();
        throw new IOException("cut on purpose");
    }

    private int stall(FakeHttpExchange exchange) throws IOException {
        exchange.awaitClientsEnd();
        abandoned.incrementAndGet();
        throw new IOException("the client went away");
    }

    private void pause(Duration time) throws IOException {
        try {
            if (!time.isZero() && closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("closed", e);
        }
    }

    /** Serves until the process is ended; see {@link FakeCommandLine}. */
    public static void main(String[] args) throws Exception {
        FakeCommandLine.serve(args);
    }
}
