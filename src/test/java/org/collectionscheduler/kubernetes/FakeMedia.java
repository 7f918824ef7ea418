package org.collectionscheduler.kubernetes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which form an answer is acceptable.
 *
 * @param version of {@code meta.k8s.io} for all shapes but plain objects
 */
record FakeMedia(Shape shape, String version) {

    enum Shape {
        OBJECT,
        PARTIAL_OBJECT,
        PARTIAL_LIST,
        /** The only one that is there as protobuf. */
        PROTOBUF_LIST,
        TABLE
    }

    static final FakeMedia PLAIN = new FakeMedia(Shape.OBJECT, "v1");

    private static final Set<String> JSON = Set.of("application/json", "application/*", "*/*");
    private static final Map<String, Shape> SHAPES = Map.of(
            "Table", Shape.TABLE,
            "PartialObjectMetadata", Shape.PARTIAL_OBJECT,
            "PartialObjectMetadataList", Shape.PARTIAL_LIST);

    private static final FakeMedia PROTOBUF = new FakeMedia(Shape.PROTOBUF_LIST, "v1");

    private record Clause(String type, Map<String, String> parameters, double quality) {}

    /**
     * The first of the acceptable forms that there is.
     *
     * @param accept null for a request that does not say
     */
    static FakeMedia negotiate(@Nullable String accept, FakeCluster cluster) throws FakeRefusal {
        if (accept == null || accept.isBlank()) {
            return PLAIN;
        }
        List<Clause> clauses = new ArrayList<>();
        for (String clause : accept.split(",")) {
            clauses.add(clause(clause));
        }
        clauses.sort(Comparator.comparingDouble(Clause::quality).reversed());
        for (Clause clause : clauses) {
            FakeMedia media = media(clause, cluster);
            if (media != null) {
                return media;
            }
        }
        throw FakeRefusal.notAcceptable(
                "only the following media types are accepted: application/json, application/yaml,"
                        + " application/vnd.kubernetes.protobuf");
    }

    private static @Nullable FakeMedia media(Clause clause, FakeCluster cluster) {
        if (JSON.contains(clause.type())) {
            return media(clause.parameters(), cluster);
        }
        boolean list = new FakeMedia(Shape.PARTIAL_LIST, "v1").equals(media(clause.parameters(), cluster));
        boolean protobuf = clause.type().equals(ApiRequest.PROTOBUF) && !cluster.has(FakeCluster.Trait.NO_PROTOBUF);
        return list && protobuf ? PROTOBUF : null;
    }

    private static @Nullable FakeMedia media(Map<String, String> parameters, FakeCluster cluster) {
        String as = parameters.get("as");
        if (as == null) {
            return PLAIN;
        }
        Shape shape = SHAPES.get(as);
        String version = parameters.getOrDefault("v", "");
        boolean known = parameters.getOrDefault("g", "").equals("meta.k8s.io")
                && (version.equals("v1") || version.equals("v1beta1"));
        boolean off = shape == Shape.TABLE && cluster.has(FakeCluster.Trait.NO_TABLES);
        return shape == null || !known || off ? null : new FakeMedia(shape, version);
    }

    private static Clause clause(String text) {
        String[] parts = text.split(";");
        Map<String, String> parameters = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].trim().split("=", 2);
            parameters.put(pair[0], pair.length == 2 ? pair[1] : "");
        }
        String quality = parameters.getOrDefault("q", "1");
        return new Clause(parts[0].trim().toLowerCase(Locale.ROOT), parameters, quality(quality));
    }

    private static double quality(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
