package org.collectionscheduler.run;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON Schemas of draft 2020-12 and refuses what is none. Fetches nothing: a reference leads into the same schema.
 * Holds the schema of schemas, which is large; it is needed at start only.
 */
final class SchemaCompiler {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Schema schemaOfSchemas = registry().getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12));

    /** A schema that cannot be used; the message says why in one line. */
    static final class InvalidSchemaException extends Exception {

        private static final long serialVersionUID = 1L;

        private InvalidSchemaException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** @param collector whose data it describes; null for the envelope */
    PayloadSchema compile(String name, @Nullable String collector, Resource source) throws InvalidSchemaException {
        String text = read(source);
        JsonNode tree = parse(text);
        Set<String> wrong = PayloadSchema.violations(schemaOfSchemas, tree);
        if (!wrong.isEmpty()) {
            throw new InvalidSchemaException("is no JSON Schema of draft 2020-12: " + String.join(", ", wrong), null);
        }
        PublishedSchema published = new PublishedSchema(
                name,
                collector,
                tree.path("$id").stringValue(null),
                tree.path("title").stringValue(null));
        return new PayloadSchema(published, text, compile(tree));
    }

    private static Schema compile(JsonNode tree) throws InvalidSchemaException {
        try {
            Schema schema = registry().getSchema(tree);
            schema.initializeValidators();
            return schema;
        } catch (SchemaException e) {
            throw new InvalidSchemaException("cannot be used: " + firstLine(e), e);
        }
    }

    /** A new one each time: what it has read it keeps. */
    private static SchemaRegistry registry() {
        SchemaRegistryConfig config =
                SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        return SchemaRegistry.withDialect(Dialects.getDraft202012(), registry -> registry.schemaRegistryConfig(config));
    }

    private static String read(Resource source) throws InvalidSchemaException {
        try {
            return source.getContentAsString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InvalidSchemaException("cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static JsonNode parse(String text) throws InvalidSchemaException {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new InvalidSchemaException("is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String firstLine(SchemaException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
