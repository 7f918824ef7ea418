package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** Reads JSON token by token, within bounds, and passes over what nobody asked for. */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(200)
                    .maxStringLength(100_000)
                    .maxNameLength(10_000)
                    .maxNumberLength(100)
                    .build())
            .build();

    /** Reads one value; what it does not read is passed over. */
    @FunctionalInterface
    interface FieldReader {
        /** The parser stands on the first token of the value. */
        void read(String name, JsonParser parser) throws IOException;
    }

    /** Reads one element; what it does not read is passed over. */
    @FunctionalInterface
    interface ElementReader {
        /** The parser stands on the first token of the element. */
        void read(JsonParser parser) throws IOException;
    }

    private Json() {}

    /** Reads a document that is one object, to the end of the stream. */
    static void document(InputStream in, FieldReader fields) throws IOException {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedBodyException("it is no JSON object");
            }
            eachField(parser, fields);
            if (parser.nextToken() != null) {
                throw new MalformedBodyException("something follows its end");
            }
        }
    }

    /** Visits the fields of the object that the parser stands on; no field when it stands on anything else. */
    static void eachField(JsonParser parser, FieldReader fields) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.read(name, parser);
            parser.skipChildren();
        }
    }

    /** Visits the elements of the array that the parser stands on; none when it stands on anything else. */
    static void eachElement(JsonParser parser, ElementReader elements) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.read(parser);
            parser.skipChildren();
        }
    }

    /** The string that the parser stands on; null when it stands on anything else or the string is empty. */
    static @Nullable String text(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return null;
        }
        String text = parser.getString();
        return text.isEmpty() ? null : text;
    }

    /** The whole number that the parser stands on; null when it stands on anything else, or on more than a long holds. */
    static @Nullable Long wholeNumber(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            return null;
        }
        JsonParser.NumberType type = parser.getNumberType();
        return type == JsonParser.NumberType.INT || type == JsonParser.NumberType.LONG ? parser.getLongValue() : null;
    }

    static boolean isTrue(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }
}
