package org.collectionscheduler.run;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema, ready to check with, by several threads at a time.
 *
 * @param published what is said of it
 * @param text as its author wrote it
 */
record PayloadSchema(PublishedSchema published, String text, Schema compiled) {

    /** Where and how the document breaks the schema, see {@link Violations}; empty when it keeps it. */
    Set<String> violations(JsonNode document) {
        return violations(compiled, document);
    }

    static Set<String> violations(Schema schema, JsonNode document) {
        Violations violations = new Violations();
        ExecutionContext check = schema.createExecutionContext();
        check.setErrors(violations);
        schema.validate(check, document);
        return violations.places();
    }
}
