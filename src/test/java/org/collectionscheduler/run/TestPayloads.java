package org.collectionscheduler.run;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.dialect.Dialects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.Deployment;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What collectors gather, as the service would store it, beside what its schemas declare. */
public final class TestPayloads {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

    private final Collector collector;
    private final PayloadSchemas schemas;

    public TestPayloads(Collector collector) {
        this.collector = collector;
        this.schemas = PayloadSchemas.of(List.of(collector));
    }

    /**
     * The payload that the service would store.
     *
     * @throws CollectionFailedException when it would not
     */
    public JsonNode stored(Collected collected) throws CollectionFailedException {
        return MAPPER.readTree(written(collected));
    }

    String written(Collected collected) throws CollectionFailedException {
        Envelope envelope = new Envelope(64 << 20, Deployment.Origin.EPHEMERAL, schemas);
        Envelope.RunFacts run = new Envelope.RunFacts("run-1", 1, RunKind.SCHEDULE, NOW, NOW, NOW);
        return envelope.write(collector.name(), collected, run, Duration.ofSeconds(1));
    }

    /** The schema of the collector's data. */
    public JsonNode dataSchema() {
        return schema(collector.name());
    }

    JsonNode schema(String name) {
        return MAPPER.readTree(schemas.text(name).orElseThrow());
    }

    /** What the schema of schemas says of a schema; empty when it is one. */
    public static List<?> wrongWith(JsonNode schema) {
        Schema meta = SchemaRegistry.withDialect(Dialects.getDraft202012())
                .getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12));
        return meta.validate(schema, check -> check.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    /** The properties, by their place in the schema, that none of the documents has. */
    public static Set<String> unseen(JsonNode schema, List<JsonNode> documents) {
        Set<String> unseen = new TreeSet<>();
        eachProperty(schema, "", (place, property) -> unseen.add(place));
        documents.forEach(document -> see(schema, new Place(schema, ""), document, unseen));
        return unseen;
    }

    /** The properties, by their place in the schema, that nobody describes. */
    public static Set<String> undescribed(JsonNode schema) {
        Set<String> undescribed = new TreeSet<>();
        eachProperty(schema, "", (place, property) -> {
            if (property.path("description").asString("").isBlank()) {
                undescribed.add(place);
            }
        });
        return undescribed;
    }

    private record Place(JsonNode schema, String pointer) {

        Place at(String pointer, JsonNode root) {
            return new Place(root.at(pointer), pointer);
        }
    }

    private static void eachProperty(JsonNode schema, String pointer, BiConsumer<String, JsonNode> visitor) {
        if (schema.isObject()) {
            schema.forEachEntry((keyword, value) -> {
                String at = pointer + "/" + keyword;
                if (keyword.equals("properties")) {
                    value.forEachEntry((name, property) -> visitor.accept(at + "/" + name, property));
                }
                eachProperty(value, at, visitor);
            });
        }
    }

    private static void see(JsonNode root, Place place, JsonNode value, Set<String> unseen) {
        String reference = place.schema().path("$ref").stringValue(null);
        if (reference != null) {
            see(root, place.at(reference.substring(1), root), value, unseen);
        }
        if (value.isArray()) {
            value.forEach(element -> see(root, place.at(place.pointer() + "/items", root), element, unseen));
        } else if (value.isObject()) {
            value.forEachEntry((name, child) -> {
                String property = place.pointer() + "/properties/" + name;
                boolean declared = place.schema().path("properties").has(name);
                unseen.remove(property);
                String next = declared ? property : place.pointer() + "/additionalProperties";
                see(root, place.at(next, root), child, unseen);
            });
        }
    }

    /** The texts of an {@code enum}, without null. */
    public static List<String> texts(@Nullable JsonNode values) {
        return values == null
                ? List.of()
                : values.valueStream()
                        .filter(JsonNode::isString)
                        .map(JsonNode::stringValue)
                        .toList();
    }
}
