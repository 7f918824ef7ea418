package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.settings.StartRefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PayloadSchemasTests {

    private static final String SCHEMA = """
            {
              "$schema": "https://json-schema.org/draft/2020-12/schema",
              "$id": "urn:test:garage:1",
              "title": "A garage",
              "type": "object",
              "required": ["doors"],
              "additionalProperties": false,
              "properties": {
                "doors": { "type": "integer", "minimum": 0 },
                "opened": { "type": "string", "format": "date-time" },
                "cars": {
                  "type": "object",
                  "maxProperties": 20000,
                  "propertyNames": { "maxLength": 20 },
                  "additionalProperties": {
                    "type": "object",
                    "properties": { "wheels": { "$ref": "#/$defs/count" }, "doors": { "$ref": "#/$defs/count" } },
                    "patternProperties": { "^x-": { "type": "string" } },
                    "required": ["wheels"]
                  }
                },
                "keys": { "type": "array", "items": { "type": "string", "pattern": "^[a-z-]+$" } },
                "properties": { "type": ["object", "null"], "properties": { "a/b~c": { "type": "null" } } },
                "lamp": { "anyOf": [{ "type": "null" }, { "type": "object", "properties": { "watts": { "const": 60 } } }] }
              },
              "$defs": { "count": { "type": "integer", "minimum": 0 } }
            }
            """;

    /** What is deeper cannot be written either: the document and its data are two levels. */
    private static final int DEEPEST = 498;

    private final TestPayloads garages = new TestPayloads(new Garage("garage", SCHEMA));

    private record Garage(String name, @Nullable Resource dataSchema) implements Collector {

        Garage(String name, String schema) {
            this(name, new ByteArrayResource(schema.getBytes(StandardCharsets.UTF_8), "the garage's schema"));
        }

        @Override
        public Collected collect(CollectionContext context) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void dataThatKeepsItsSchemaIsWritten() throws Exception {
        JsonNode payload = garages.stored(data(Map.of(
                "doors",
                2,
                "opened",
                java.time.Instant.EPOCH,
                "cars",
                Map.of("banger", Map.of("wheels", 3, "x-colour", "red", "age", 7)),
                "keys",
                List.of("a", "b"))));

        assertThat(payload.at("/data/cars/banger/wheels").asInt()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'doors': 'zqsecret'}                            | /doors: type",
                "{'doors': -7}                                    | /doors: minimum",
                "{'doors': 1.5}                                   | /doors: type",
                "{'doors': null}                                  | /doors: type",
                "{}                                               | /doors: required",
                "{'doors': 1, 'zqsecret': 1}                      | /*: additionalProperties",
                "{'doors': 1, 'opened': 'zqsecret'}               | /opened: format",
                "{'doors': 1, 'cars': {'zqsecret': 7}}            | /cars/*: type",
                "{'doors': 1, 'cars': {'zqsecret': {}}}           | /cars/*/wheels: required",
                "{'doors': 1, 'cars': {'doors': {'wheels': -1}}}  | /cars/*/wheels: minimum",
                "{'doors': 1, 'cars': {'a': {'wheels': 1, 'x-zqsecret': 1}}} | /cars/*/*: type",
                "{'doors': 1, 'cars': {'zqsecret-longer-than-allowed': {'wheels': 1}}} | /cars/*: propertyNames",
                "{'doors': 1, 'keys': ['a', 'ZQSECRET']}          | /keys/1: pattern",
                "{'doors': 1, 'properties': {'a/b~c': 'zqsecret'}} | /properties/a~1b~0c: type",
                "{'doors': 1, 'lamp': {'watts': 40}}              | /lamp: type, /lamp/watts: const",
                "{'doors': 'a', 'cars': 7, 'keys': 7, 'lamp': 7}  | /doors: type, /cars: type, /keys: type"
            })
    void namesThePlaceAndTheRuleAndNothingThatIsFoundThere(String data, String places) {
        CollectionFailedException refused = refused(JsonMapper.shared().readValue(data.replace('\'', '"'), Map.class));

        assertThat(refused)
                .hasMessage("the collected data does not match the schema of garage: " + places
                        + "; this is a defect of the collector, or its data changed: see GET /api/schemas/garage");
        assertThat(refused.retryable()).isFalse();
        assertThat(refused).hasNoCause();
    }

    /** What is wrong in ten thousand places is wrong in one, as far as the schema can name it. */
    @Test
    void namesAPlaceOnce() {
        Map<String, Integer> cars =
                IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> "car-" + i, i -> i));

        assertThat(refused(Map.of("doors", 1, "cars", cars)))
                .hasMessageContaining("of garage: /cars/*: type; this is a defect");
    }

    @Test
    void namesAFewPlacesOfMany() {
        assertThat(refused(Map.of("doors", 1, "keys", Collections.nCopies(10_000, 7))))
                .hasMessageContaining("of garage: /keys/0: type, /keys/1: type, /keys/2: type; this is a defect");
    }

    @Test
    void dataWithoutASchemaMayBeAnything() throws Exception {
        TestPayloads payloads = new TestPayloads(TestCollector.succeeding());
        Map<String, @Nullable Object> data = new HashMap<>();
        data.put("nothing", null);
        data.put("n".repeat(60_000), new BigDecimal(BigInteger.TEN.pow(5_000)));
        data.put("deep", deep(DEEPEST));

        assertThat(payloads.written(data(data))).contains("\"nothing\":null", "bottom", "n".repeat(60_000));
    }

    @Test
    void longNamesNumbersAndDepthsAreReadAgain() throws Exception {
        Map<String, Object> car = Map.of(
                "wheels",
                4,
                "n".repeat(60_000),
                BigInteger.TEN.pow(5_000),
                "text",
                "t".repeat(1 << 20),
                "deep",
                deep(DEEPEST - 2));

        assertThat(garages.written(data(Map.of("doors", 1, "cars", Map.of("a", car)))))
                .contains("bottom");
    }

    @Test
    void theEnvelopeIsCheckedWhateverTheData() {
        TestPayloads payloads = new TestPayloads(TestCollector.succeeding());

        assertThatThrownBy(() -> payloads.stored(Collected.of("", Map.of("zqsecret", 1))))
                .isInstanceOf(CollectionFailedException.class)
                .hasMessage("the payload does not match the schema of payload: /kind: minLength; this is a defect of"
                        + " the collector, or its data changed: see GET /api/schemas/payload");
        assertThatThrownBy(() -> payloads.stored(
                        new Collected("test", Map.of("a", 1), List.of(""), Map.of(), new Cost(-1, 0, 0, 0))))
                .hasMessageContaining("/sanitization/rulesApplied/0: minLength, /cost/requests: minimum;");
    }

    /** A collector may write text of its own, which need not be JSON. */
    @ParameterizedTest
    @ValueSource(strings = {"zqsecret", "1}},\"x\":{\"y\":{\"z\":1", "1}}}{"})
    void whatIsNotJsonIsRefusedWithoutBeingShown(String raw) {
        record Raw(@JsonRawValue String text) {}
        TestPayloads payloads = new TestPayloads(TestCollector.succeeding());

        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> payloads.stored(data(Map.of("raw", new Raw(raw)))))
                    .isInstanceOf(CollectionFailedException.class)
                    .hasMessageNotContaining("zqsecret");
            // The next one has an envelope that was found right.
            assertThatCode(() -> payloads.stored(data(Map.of("raw", new Raw("1")))))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void theEnvelopesSchemaIsOneAndDescribesEveryPropertyThatThereIs() throws Exception {
        TestPayloads payloads = new TestPayloads(TestCollector.succeeding());
        JsonNode schema = payloads.schema("payload");
        JsonNode whole = payloads.stored(new Collected(
                "test", Map.of("a", 1), List.of("rule"), Map.of("part", Section.partial("half")), Cost.NONE));

        assertThat(TestPayloads.wrongWith(schema)).isEmpty();
        assertThat(TestPayloads.undescribed(schema)).isEmpty();
        assertThat(TestPayloads.unseen(schema, List.of(whole))).isEmpty();
        assertThat(TestPayloads.texts(schema.at("/properties/run/properties/kind/enum")))
                .isEqualTo(Arrays.stream(RunKind.values()).map(Enum::name).toList());
        assertThat(TestPayloads.texts(schema.at("/properties/sections/additionalProperties/properties/status/enum")))
                .isEqualTo(Arrays.stream(Section.Status.values())
                        .map(status -> status.name().toLowerCase(java.util.Locale.ROOT))
                        .toList());
    }

    @Test
    void publishesWhatItChecksWith() {
        PayloadSchemas schemas = PayloadSchemas.of(
                List.of(TestCollector.succeeding(), new Garage("my-garage", SCHEMA), new Garage("plain", "{}")));

        assertThat(schemas.published())
                .containsExactly(
                        new PublishedSchema(
                                "payload", null, "urn:collection-scheduler:schema:payload:1", "Payload, version 1"),
                        new PublishedSchema("my-garage", "my-garage", "urn:test:garage:1", "A garage"),
                        new PublishedSchema("plain", "plain", null, null));
        assertThat(schemas.text("MyGarage")).contains(SCHEMA);
        assertThat(schemas.text("probe")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'properties': {'a': {'type': 'strin'}}}   | is no JSON Schema of draft 2020-12: /properties/*/type: ",
                "{'pattern': '['}                           | is no JSON Schema of draft 2020-12: /pattern: format",
                "[]                                         | is no JSON Schema of draft 2020-12: : type",
                "{'$ref': '#/$defs/none'}                   | cannot be used: Reference /$defs/none cannot be resolved",
                "{'$ref': 'http://127.0.0.1:1/x'}           | cannot be used: ",
                "{'$schema': 'http://json-schema.org/draft-07/schema#'} | cannot be used: Unknown dialect",
                "{'type':                                   | is no JSON: "
            })
    void aSchemaThatCannotBeUsedRefusesTheStart(String schema, String wrong) {
        Garage broken = new Garage("broken", schema.replace('\'', '"'));
        Garage missing = new Garage("missing", new ClassPathResource("no-such.schema.json", getClass()));

        StartRefusedException refused =
                refusal(List.of(new Garage("garage", SCHEMA), broken, TestCollector.succeeding(), missing));

        assertThat(refused.problems()).hasSize(2);
        assertThat(refused.problems().get(0).toString())
                .startsWith("dataSchema of collector 'broken': " + wrong)
                .endsWith("Correct Byte array resource [the garage's schema]")
                .doesNotContain("\n");
        assertThat(refused.problems().get(1).toString())
                .startsWith("dataSchema of collector 'missing': cannot be read (FileNotFoundException). Correct class"
                        + " path resource [org/collectionscheduler/run/no-such.schema.json]");
    }

    @Test
    void twoSchemasOfOneNameRefuseTheStart() {
        StartRefusedException refused = refusal(
                List.of(new Garage("payload", SCHEMA), new Garage("my-garage", SCHEMA), new Garage("MyGarage", "{}")));

        assertThat(refused.problems())
                .extracting(Object::toString)
                .containsExactly(
                        "dataSchema of collector 'payload': has the name of another schema. Rename the collector",
                        "dataSchema of collector 'MyGarage': has the name of another schema. Rename the collector");
    }

    private CollectionFailedException refused(Map<?, ?> data) {
        Map<String, Object> typed = new java.util.LinkedHashMap<>();
        data.forEach((key, value) -> typed.put(String.valueOf(key), value));
        return Objects.requireNonNull(
                catchThrowableOfType(CollectionFailedException.class, () -> garages.stored(data(typed))));
    }

    private static StartRefusedException refusal(List<Collector> collectors) {
        return Objects.requireNonNull(
                catchThrowableOfType(StartRefusedException.class, () -> PayloadSchemas.of(collectors)));
    }

    private static Collected data(Map<String, ? extends @Nullable Object> data) {
        return Collected.of("test", data);
    }

    private static Object deep(int depth) {
        Object deep = "bottom";
        for (int i = 0; i < depth; i++) {
            deep = new ArrayList<>(List.of(deep));
        }
        return deep;
    }
}
