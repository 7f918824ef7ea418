package org.collectionscheduler.run;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.schedule.RunKind;
import org.collectionscheduler.store.Deployment;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes what a collector gathered as the JSON document that is stored.
 *
 * @param maxBytes longest document, in bytes of UTF-8
 * @param schemas what the document must look like
 */
record Envelope(long maxBytes, Deployment.Origin saltOrigin, PayloadSchemas schemas) {

    private static final String VERSION = "1";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** The run that the document belongs to. */
    record RunFacts(
            String id,
            int attempt,
            RunKind kind,
            @Nullable Instant scheduledAt,
            @Nullable Instant startedAt,
            Instant finishedAt) {}

    /**
     * The document.
     *
     * @param type name of the collector
     * @throws CollectionFailedException when the data is larger than allowed, is not data, or does not match its schema
     */
    String write(String type, Collected collected, RunFacts run, Duration duration) throws CollectionFailedException {
        BoundedOutput output = new BoundedOutput(maxBytes);
        try {
            MAPPER.writeValue(output, document(type, collected, run, duration));
        } catch (JacksonException e) {
            if (output.exceeded()) {
                throw CollectionFailedException.lasting(
                        "the payload is larger than " + maxBytes
                                + " bytes; raise scheduler.store.max-payload-size or collect less",
                        null);
            }
            throw CollectionFailedException.lasting(
                    "the collected data cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
        // Before the text is made of it, so that the tree of the check and the text are not there at the same time.
        schemas.check(type, collected, output::written);
        return output.text();
    }

    private Map<String, Object> document(String type, Collected collected, RunFacts run, Duration duration) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("version", VERSION);
        document.put("type", type);
        document.put("kind", collected.kind());
        document.put("data", collected.data());
        document.put("sanitization", sanitization(collected, run));
        document.put("run", run);
        Map<String, Object> sections = new LinkedHashMap<>();
        collected.sections().forEach((name, section) -> sections.put(name, section(section)));
        document.put("sections", sections);
        document.put("cost", cost(collected, duration));
        return document;
    }

    private Map<String, Object> sanitization(Collected collected, RunFacts run) {
        Map<String, Object> sanitization = new LinkedHashMap<>();
        sanitization.put("rulesApplied", collected.rulesApplied());
        sanitization.put("timestamp", run.finishedAt());
        if (saltOrigin == Deployment.Origin.EPHEMERAL) {
            sanitization.put("salt", "ephemeral");
        }
        return sanitization;
    }

    private static Map<String, @Nullable Object> section(Section section) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("status", section.status().name().toLowerCase(Locale.ROOT));
        fields.put("reason", section.reason());
        fields.put("countMethod", section.countMethod());
        fields.put("consistency", section.consistency());
        return fields;
    }

    private static Map<String, Object> cost(Collected collected, Duration duration) {
        Map<String, Object> cost = new LinkedHashMap<>();
        cost.put("requests", collected.cost().requests());
        cost.put("retries", collected.cost().retries());
        cost.put("bytesWire", collected.cost().bytesWire());
        cost.put("bytesDecoded", collected.cost().bytesDecoded());
        cost.put("durationMs", duration.toMillis());
        return cost;
    }

    /** Refuses the byte that would be one too many. */
    private static final class BoundedOutput extends OutputStream {

        private final OpenBuffer bytes = new OpenBuffer();
        private final long limit;
        private boolean exceeded;

        BoundedOutput(long limit) {
            this.limit = limit;
        }

        @Override
        public void write(int b) throws IOException {
            reserve(1);
            bytes.write(b);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            reserve(length);
            bytes.write(source, offset, length);
        }

        boolean exceeded() {
            return exceeded;
        }

        InputStream written() {
            return bytes.read();
        }

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }

        private void reserve(int length) throws IOException {
            if (bytes.size() + (long) length > limit) {
                exceeded = true;
                throw new IOException("more than " + limit + " bytes");
            }
        }
    }

    /** What was written to it can be read without a copy. */
    private static final class OpenBuffer extends ByteArrayOutputStream {

        InputStream read() {
            return new ByteArrayInputStream(buf, 0, count);
        }
    }
}
