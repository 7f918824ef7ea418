package org.collectionscheduler.run;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.run.SchemaCompiler.InvalidSchemaException;
import org.collectionscheduler.settings.Names;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What payloads look like: one JSON Schema for the envelope, and one for the data of each collector that has one. What is
 * published is what every payload is checked against before it is stored or printed.
 */
public final class PayloadSchemas {

    /** The envelope's name among the schemas. */
    private static final String ENVELOPE = "payload";

    /**
     * What was written is read again, however long its names and numbers are; the whole of it is bounded. Names of
     * properties are not remembered from one payload to the next: there may be thousands, each in one payload only.
     */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            // Values are read one by one out of the document, which goes on behind each.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** More are forgotten together: collectors whose envelope differs each time gain nothing by it. */
    private static final int MOST_SOUND = 256;

    private static final List<String> PARTS =
            List.of("version", "type", "kind", "data", "sanitization", "run", "sections", "cost");

    private final PayloadSchema envelope;
    private final Map<String, PayloadSchema> byName = new LinkedHashMap<>();

    /** What collectors have given that made an envelope as it should be: the same makes another one. */
    private final Set<Given> sound = ConcurrentHashMap.newKeySet();

    /**
     * What a collector gives to the envelope, beside the data; everything else in it is the service's own.
     *
     * @param type name of the collector
     */
    private record Given(
            String type, String kind, List<String> rulesApplied, Map<String, Section> sections, Cost cost) {

        static Given of(String type, Collected collected) {
            return new Given(type, collected.kind(), collected.rulesApplied(), collected.sections(), collected.cost());
        }
    }

    private PayloadSchemas(PayloadSchema envelope) {
        this.envelope = envelope;
        byName.put(Names.canonical(ENVELOPE), envelope);
    }

    /**
     * Reads the schemas of all collectors that have one.
     *
     * @throws StartRefusedException naming every collector whose schema cannot be used
     */
    public static PayloadSchemas of(Collection<? extends Collector> collectors) {
        SchemaCompiler compiler = new SchemaCompiler();
        PayloadSchemas schemas = new PayloadSchemas(envelope(compiler));
        List<Problem> problems = new ArrayList<>();
        for (Collector collector : collectors) {
            Resource source = collector.dataSchema();
            if (source != null) {
                schemas.add(collector.name(), source, compiler).ifPresent(problems::add);
            }
        }
        if (!problems.isEmpty()) {
            throw new StartRefusedException(problems);
        }
        return schemas;
    }

    /** The envelope first. */
    public List<PublishedSchema> published() {
        return byName.values().stream().map(PayloadSchema::published).toList();
    }

    /** The schema of that name, as its author wrote it. Names compare without case and dashes. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(byName.get(Names.canonical(name))).map(PayloadSchema::text);
    }

    /**
     * Checks a payload. Data without a schema is passed over; other data is held as one tree for as long as this takes.
     *
     * @param type name of the collector
     * @param collected what the document was made of
     * @param payload the whole document, in UTF-8, from its beginning each time
     * @throws CollectionFailedException naming the places that do not match, without anything that is found there
     */
    void check(String type, Collected collected, Supplier<InputStream> payload) throws CollectionFailedException {
        PayloadSchema schema = schemaOfData(type);
        Given given = Given.of(type, collected);
        if (schema == null
                && sound.contains(given)
                && (PlainData.isPlain(collected.data()) || hasEveryPartOnce(payload.get()))) {
            return;
        }
        JsonNode document = read(payload.get(), schema == null ? PayloadSchemas::passOver : PayloadSchemas::tree);
        require("the payload", envelope, document);
        if (schema != null) {
            require("the collected data", schema, document.path("data"));
        }
        if (sound.size() >= MOST_SOUND) {
            sound.clear();
        }
        sound.add(given);
    }

    /** Data may hold text of the collector's own, which could end the data early. */
    private static boolean hasEveryPartOnce(InputStream payload) {
        try (JsonParser parser = MAPPER.createParser(payload)) {
            List<String> parts = new ArrayList<>(PARTS.size());
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                parts.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
            }
            return parser.nextToken() == null && parts.equals(PARTS);
        } catch (JacksonException e) {
            // What is wrong is told by the whole check.
            return false;
        }
    }

    private Optional<Problem> add(String collector, Resource source, SchemaCompiler compiler) {
        String key = "dataSchema of collector '" + collector + "'";
        try {
            PayloadSchema schema = compiler.compile(collector, collector, source);
            return byName.putIfAbsent(Names.canonical(collector), schema) == null
                    ? Optional.empty()
                    : Optional.of(new Problem(key, null, "has the name of another schema", "Rename the collector"));
        } catch (InvalidSchemaException e) {
            return Optional.of(
                    new Problem(key, null, String.valueOf(e.getMessage()), "Correct " + source.getDescription()));
        }
    }

    private static PayloadSchema envelope(SchemaCompiler compiler) {
        try {
            return compiler.compile(ENVELOPE, null, new ClassPathResource("payload.schema.json", PayloadSchemas.class));
        } catch (InvalidSchemaException e) {
            throw new IllegalStateException("the schema of payloads " + e.getMessage(), e);
        }
    }

    private @Nullable PayloadSchema schemaOfData(String collector) {
        PayloadSchema schema = byName.get(Names.canonical(collector));
        return schema == envelope ? null : schema;
    }

    private static JsonNode read(InputStream payload, Function<JsonParser, JsonNode> dataReader)
            throws CollectionFailedException {
        try (JsonParser parser = MAPPER.createParser(payload)) {
            ObjectNode document = MAPPER.createObjectNode();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                document.set(name, name.equals("data") ? dataReader.apply(parser) : MAPPER.readTree(parser));
            }
            if (parser.nextToken() == null) {
                return document;
            }
        } catch (JacksonException e) {
            // Its message may show what was read.
        }
        throw CollectionFailedException.lasting(
                "the collected data is not JSON once it is written; this is a defect of the collector", null);
    }

    private static JsonNode tree(JsonParser parser) {
        return MAPPER.readTree(parser);
    }

    private static JsonNode passOver(JsonParser parser) {
        parser.skipChildren();
        return MAPPER.createObjectNode();
    }

    private static void require(String what, PayloadSchema schema, JsonNode document) throws CollectionFailedException {
        var places = schema.violations(document);
        if (!places.isEmpty()) {
            String name = schema.published().name();
            throw CollectionFailedException.lasting(
                    what + " does not match the schema of " + name + ": " + String.join(", ", places)
                            + "; this is a defect of the collector, or its data changed: see GET /api/schemas/" + name,
                    null);
        }
    }
}
