package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Cuts lists into pages the way the API server does, with tokens that nobody but it can read. */
final class FakeLists {

    /** The path of each kind that is served, with its resource. */
    static final Map<String, String> PATHS = Map.of(
            "/api/v1/namespaces", "namespaces",
            "/api/v1/nodes", "nodes",
            "/api/v1/pods", "pods",
            "/api/v1/services", "services",
            "/apis/apps/v1/deployments", "deployments",
            "/apis/apps/v1/statefulsets", "statefulsets",
            "/apis/apps/v1/replicasets", "replicasets",
            "/apis/apps/v1/daemonsets", "daemonsets");

    private static final Map<String, String> KINDS = Map.of(
            "namespaces", "Namespace",
            "nodes", "Node",
            "pods", "Pod",
            "services", "Service",
            "deployments", "Deployment",
            "statefulsets", "StatefulSet",
            "replicasets", "ReplicaSet",
            "daemonsets", "DaemonSet");

    /** Which objects one page holds, and what it says about the rest. */
    record Slice(
            int from,
            int to,
            @Nullable String token,
            long resourceVersion,
            @Nullable Integer remaining) {}

    private final FakeCluster cluster;
    private final AtomicLong resourceVersion = new AtomicLong(1000);
    private final AtomicInteger endless = new AtomicInteger();

    FakeLists(FakeCluster cluster) {
        this.cluster = cluster;
    }

    Slice slice(String resource, Map<String, String> query, Misbehaviour.@Nullable Type misbehaviour) {
        int total = cluster.count(resource);
        String token = query.get("continue");
        int from = token == null ? 0 : start(token);
        long version = token == null || version(token) < 0 ? resourceVersion.incrementAndGet() : version(token);
        int limit = Integer.parseInt(query.getOrDefault("limit", "0"));
        boolean whole = limit == 0 || "0".equals(query.get("resourceVersion"));
        int to = whole ? total : (int) Math.min(total, (long) from + limit);
        if (misbehaviour != null) {
            Slice odd = odd(misbehaviour, limit, version);
            if (odd != null) {
                return odd;
            }
        }
        if (to >= total) {
            return new Slice(Math.min(from, total), total, null, version, null);
        }
        boolean selected = query.containsKey("labelSelector") || query.containsKey("fieldSelector");
        return new Slice(from, to, token(version, to), version, selected ? null : total - to);
    }

    /** A token with which a list whose token has expired is continued at a newer state. */
    static String inconsistentToken(String expired) {
        return token(-1, start(expired));
    }

    String opening(String resource, boolean metadataOnly, Slice slice) {
        String kind = metadataOnly ? "PartialObjectMetadata" : KINDS.getOrDefault(resource, "Unknown");
        String token = slice.token() == null ? "" : ",\"continue\":\"" + slice.token() + "\"";
        String remaining = slice.remaining() == null ? "" : ",\"remainingItemCount\":" + slice.remaining();
        return "{\"kind\":\"%sList\",\"apiVersion\":\"v1\",\"metadata\":{\"resourceVersion\":\"%d\"%s%s},\"items\":["
                .formatted(kind, slice.resourceVersion(), token, remaining);
    }

    private @Nullable Slice odd(Misbehaviour.Type misbehaviour, int limit, long version) {
        return switch (misbehaviour) {
            case ENDLESS -> new Slice(0, Math.max(1, limit), "endless-" + endless.incrementAndGet(), version, null);
            case ENDLESS_EMPTY -> new Slice(0, 0, "endless-" + endless.incrementAndGet(), version, null);
            case SAME_TOKEN -> new Slice(0, 1, "same", version, null);
            default -> null;
        };
    }

    private static String token(long version, int start) {
        return Base64.getUrlEncoder()
                .encodeToString(
                        ("v1 " + version + " " + start + " " + FakeCluster.MARK).getBytes(StandardCharsets.UTF_8));
    }

    private static long version(String token) {
        return odd(token) ? -1 : Long.parseLong(words(token)[1]);
    }

    private static int start(String token) {
        return odd(token) ? 0 : Integer.parseInt(words(token)[2]);
    }

    private static boolean odd(String token) {
        return token.startsWith("endless") || token.equals("same");
    }

    private static String[] words(String token) {
        return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8).split(" ");
    }
}
