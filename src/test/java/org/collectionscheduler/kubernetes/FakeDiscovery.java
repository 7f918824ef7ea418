package org.collectionscheduler.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Tells clients which APIs there are, as far as kubectl asks. */
final class FakeDiscovery {

    private static final List<String> VERBS = List.of("get", "list");

    private final FakeCluster cluster;

    FakeDiscovery(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** @return null when the path is none of discovery's */
    @Nullable FakeAnswer answer(String path) {
        Object body = switch (path) {
            case "/version" -> version();
            case "/api" ->
                Map.of("kind", "APIVersions", "versions", List.of("v1"), "serverAddressByClientCIDRs", List.of());
            case "/apis" -> groups();
            default -> path.equals("/api/v1") ? resources("") : ofGroup(path);
        };
        return body == null ? null : FakeAnswer.json(JsonMapper.shared().writeValueAsString(body) + "\n");
    }

    private Map<String, Object> version() {
        return ordered(
                "major", "1",
                "minor", "30+",
                "gitVersion", cluster.gitVersion(),
                "gitCommit", "036c24b0b1f2d3c4b5a697887766554433221100",
                "gitTreeState", "clean",
                "buildDate", "2024-06-01T00:00:00Z",
                "goVersion", "go1.22.2",
                "compiler", "gc",
                "platform", "linux/amd64");
    }

    private Map<String, Object> groups() {
        TreeSet<String> names = new TreeSet<>();
        for (FakeKind kind : FakeKind.values()) {
            if (cluster.count(kind) >= 0 && !kind.group().isEmpty()) {
                names.add(kind.group());
            }
        }
        return ordered(
                "kind",
                "APIGroupList",
                "apiVersion",
                "v1",
                "groups",
                names.stream().map(FakeDiscovery::group).toList());
    }

    private @Nullable Object ofGroup(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length < 3 || parts.length > 4 || !parts[1].equals("apis") || !served(parts[2])) {
            return null;
        }
        if (parts.length == 4) {
            return parts[3].equals("v1") ? resources(parts[2]) : null;
        }
        Map<String, Object> group = ordered("kind", "APIGroup", "apiVersion", "v1");
        group.putAll(group(parts[2]));
        return group;
    }

    private boolean served(String group) {
        for (FakeKind kind : FakeKind.values()) {
            if (!group.isEmpty() && kind.group().equals(group) && cluster.count(kind) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Object> group(String name) {
        Map<String, Object> version = ordered("groupVersion", name + "/v1", "version", "v1");
        return ordered("name", name, "versions", List.of(version), "preferredVersion", version);
    }

    private Map<String, Object> resources(String group) {
        List<Object> resources = new ArrayList<>();
        for (FakeKind kind : FakeKind.values()) {
            if (kind.group().equals(group) && cluster.count(kind) >= 0) {
                resources.add(resource(kind));
            }
        }
        return ordered(
                "kind",
                "APIResourceList",
                "apiVersion",
                "v1",
                "groupVersion",
                group.isEmpty() ? "v1" : group + "/v1",
                "resources",
                resources);
    }

    private static Map<String, Object> resource(FakeKind kind) {
        Map<String, Object> resource = ordered(
                "name", kind.plural(),
                "singularName", kind.kind().toLowerCase(java.util.Locale.ROOT),
                "namespaced", kind.namespaced(),
                "kind", kind.kind(),
                "verbs", VERBS);
        String shortName = kind.shortName();
        if (shortName != null) {
            resource.put("shortNames", List.of(shortName));
        }
        return resource;
    }

    /** @param pairs keys and values in turn */
    private static Map<String, Object> ordered(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }
}
