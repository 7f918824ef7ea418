package org.collectionscheduler.run;

import java.time.Instant;

/**
 * What a successful run brought back, as stored.
 *
 * @param content the JSON document
 * @param bytes its length in UTF-8
 */
public record Payload(String id, String collection, String runId, Instant createdAt, long bytes, String content) {}
