package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A small API server on loopback that serves lists the way the real one does, counts what it sends, and misbehaves on
 * command. Objects are made while they are read, so a large cluster needs no memory.
 */
public final class FakeKubernetesApi implements AutoCloseable {

    /** One request as it came. */
    public record Request(String method, String path, Map<String, String> query, Map<String, String> headers) {}

    private record Order(Misbehaviour misbehaviour, AtomicInteger times) {}

    private final FakeCluster cluster;
    private final FakeLists lists;
    private final ServerSocket server;
    private final boolean tls;
    private final ExecutorService threads = Executors.newCachedThreadPool(new NamedThreads("fake-kubernetes"));
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Order> orders = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> expiries = new ConcurrentHashMap<>();
    private final LongAdder bytesWire = new LongAdder();
    private final LongAdder bytesDecoded = new LongAdder();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private volatile @Nullable String token;

    private FakeKubernetesApi(FakeCluster cluster, ServerSocket server, boolean tls) {
        this.cluster = cluster;
        this.lists = new FakeLists(cluster);
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
                    ? new ServerSocket(port, 50, loopback)
                    : tls.getServerSocketFactory().createServerSocket(port, 50, loopback);
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
        this.token = required;
    }

    /** Misbehaves at every request to the path, or to all with {@code "*"}. */
    public void misbehave(String path, Misbehaviour misbehaviour) {
        misbehave(path, misbehaviour, Integer.MAX_VALUE);
    }

    /** Misbehaves at the next requests to the path, then well again. */
    public void misbehave(String path, Misbehaviour misbehaviour, int times) {
        orders.put(path, new Order(misbehaviour, new AtomicInteger(times)));
    }

    /** Lets the next tokens that come to the path be expired: 410 with a token to go on inconsistently. */
    public void expireTokens(String path, int times) {
        expiries.put(path, new AtomicInteger(times));
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public List<Request> requests(String path) {
        return requests.stream().filter(request -> request.path().equals(path)).toList();
    }

    /** Bytes of bodies after compression. */
    public long bytesWire() {
        return bytesWire.sum();
    }

    /** Bytes of bodies before compression. */
    public long bytesDecoded() {
        return bytesDecoded.sum();
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
        String indent = "\n    ";
        String text = "apiVersion: v1\nkind: Config\ncurrent-context: fake\n"
                + "contexts:\n- name: fake\n  context:" + indent + "cluster: fake" + indent + "user: fake\n"
                + "clusters:\n- name: fake\n  cluster:" + indent + "server: " + url()
                + String.join(
                        "", clusterLines.stream().map(line -> indent + line).toList()) + "\n"
                + "users:\n- name: fake\n  user:"
                + (userLines.isEmpty()
                        ? " {}"
                        : String.join(
                                "",
                                userLines.stream().map(line -> indent + line).toList()))
                + "\n";
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
            FakeHttpExchange exchange = new FakeHttpExchange(socket);
            for (FakeHttpExchange.Head head = exchange.read(); head != null; head = exchange.read()) {
                requests.add(new Request(head.method(), head.path(), head.query(), head.headers()));
                answer(head, exchange, socket);
            }
        } catch (IOException e) {
            // The client went away, or this server cut the connection on purpose.
        } finally {
            sockets.remove(socket);
        }
    }

    private void answer(FakeHttpExchange.Head head, FakeHttpExchange exchange, Socket socket) throws IOException {
        Misbehaviour odd = ordered(head.path());
        Misbehaviour.Type type = odd == null ? null : odd.type();
        String required = token;
        if (type == Misbehaviour.Type.SILENT) {
            stall(exchange);
        } else if (type == Misbehaviour.Type.HANG_UP) {
            socket.close();
        } else if (type == Misbehaviour.Type.ANSWER && odd != null) {
            send(exchange, head, odd.status(), odd.headers(), out -> out.write(bytes(odd.body())), null);
        } else if (required != null
                && !("Bearer " + required).equals(head.headers().get("authorization"))) {
            Misbehaviour refusal = Misbehaviour.status(401);
            send(exchange, head, 401, Map.of(), out -> out.write(bytes(refusal.body())), null);
        } else {
            if (odd != null && type == Misbehaviour.Type.SLOW) {
                pause(odd);
            }
            serveWell(head, exchange, type, halfway(odd, exchange, socket));
        }
    }

    private void serveWell(
            FakeHttpExchange.Head head,
            FakeHttpExchange exchange,
            Misbehaviour.@Nullable Type type,
            FakeHttpExchange.@Nullable Interruption halfway)
            throws IOException {
        String resource = FakeLists.PATHS.get(head.path());
        if (!head.method().equals("GET")) {
            send(exchange, head, 405, Map.of(), out -> out.write(bytes("{\"kind\":\"Status\",\"code\":405}")), null);
        } else if (resource != null && cluster.count(resource) >= 0) {
            serveList(resource, head, exchange, type, halfway);
        } else if (head.path().equals("/version")) {
            String body = "{\"major\":\"1\",\"minor\":\"30+\",\"gitVersion\":\"" + cluster.gitVersion()
                    + "\",\"platform\":\"linux/amd64\"}";
            send(exchange, head, 200, Map.of(), out -> out.write(bytes(body)), halfway);
        } else if (head.path().equals("/api/v1/namespaces/kube-system")) {
            String body = cluster.object("namespaces", 0, false);
            send(exchange, head, 200, Map.of(), out -> out.write(bytes(body)), halfway);
        } else {
            send(exchange, head, 404, Map.of(), out -> out.write(bytes("{\"kind\":\"Status\",\"code\":404}")), null);
        }
    }

    private void serveList(
            String resource,
            FakeHttpExchange.Head head,
            FakeHttpExchange exchange,
            Misbehaviour.@Nullable Type type,
            FakeHttpExchange.@Nullable Interruption halfway)
            throws IOException {
        String continued = head.query().get("continue");
        if (continued != null && expired(head.path())) {
            String body = ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{\"continue\":\"%s\"},"
                            + "\"status\":\"Failure\",\"reason\":\"Expired\",\"code\":410}")
                    .formatted(FakeLists.inconsistentToken(continued));
            send(exchange, head, 410, Map.of(), out -> out.write(bytes(body)), null);
            return;
        }
        boolean metadataOnly =
                head.headers().getOrDefault("accept", "").contains("as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
        FakeLists.Slice slice = lists.slice(resource, head.query(), type);
        send(exchange, head, 200, Map.of(), out -> writeList(resource, metadataOnly, slice, out), halfway);
    }

    private void writeList(String resource, boolean metadataOnly, FakeLists.Slice slice, OutputStream out)
            throws IOException {
        out.write(bytes(lists.opening(resource, metadataOnly, slice)));
        for (int i = slice.from(); i < slice.to(); i++) {
            out.write(bytes((i == slice.from() ? "" : ",") + cluster.object(resource, i, metadataOnly)));
        }
        out.write(bytes("]}\n"));
    }

    private void send(
            FakeHttpExchange exchange,
            FakeHttpExchange.Head head,
            int status,
            Map<String, String> headers,
            FakeHttpExchange.BodyWriter body,
            FakeHttpExchange.@Nullable Interruption halfway)
            throws IOException {
        StringBuilder opening = new StringBuilder("HTTP/1.1 " + status + " Fake\r\n");
        headers.forEach((name, value) -> opening.append(name + ": " + value + "\r\n"));
        if (!headers.containsKey("Content-Type")) {
            opening.append("Content-Type: application/json\r\n");
        }
        boolean gzip = head.headers().getOrDefault("accept-encoding", "").contains("gzip");
        exchange.answer(opening.toString(), gzip, body, halfway, bytesDecoded::add, bytesWire::add);
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
                    pause(odd);
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

    private void pause(Misbehaviour odd) throws IOException {
        try {
            if (closed.await(odd.delay().toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("closed", e);
        }
    }

    private @Nullable Misbehaviour ordered(String path) {
        Order order = orders.getOrDefault(path, orders.get("*"));
        return order != null && order.times().getAndUpdate(n -> Math.max(0, n - 1)) > 0 ? order.misbehaviour() : null;
    }

    private boolean expired(String path) {
        AtomicInteger times = expiries.get(path);
        return times != null && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Serves until the process is ended.
     *
     * @param args {@code --port N --pods N --namespaces N --nodes N --padding BYTES --token TOKEN --kubeconfig FILE}
     */
    public static void main(String[] args) throws Exception {
        Map<String, String> options = new ConcurrentHashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        FakeCluster cluster = FakeCluster.of(
                        number(options, "--namespaces", 10),
                        number(options, "--pods", 100),
                        number(options, "--nodes", 5))
                .withPadding(number(options, "--padding", 1500));
        try (FakeKubernetesApi api = start(cluster, number(options, "--port", 0), null)) {
            String token = options.get("--token");
            api.requireToken(token);
            String file = options.get("--kubeconfig");
            if (file != null) {
                api.writeKubeconfig(Path.of(file), token == null ? new String[0] : new String[] {"token: " + token});
            }
            System.out.println(api.url());
            new CountDownLatch(1).await();
        }
    }

    private static int number(Map<String, String> options, String name, int otherwise) {
        String value = options.get(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }
}
