package org.collectionscheduler.run;

import org.jspecify.annotations.Nullable;

/**
 * A JSON Schema that payloads are checked against.
 *
 * @param name by which it is asked for: {@code payload} for the envelope, else the collector's
 * @param collector whose {@code data} it describes; null for the envelope, which all have
 * @param id the schema's {@code $id}, which changes whenever it does; null when it has none
 * @param title null when it has none
 */
public record PublishedSchema(
        String name,
        @Nullable String collector,
        @Nullable String id,
        @Nullable String title) {}
