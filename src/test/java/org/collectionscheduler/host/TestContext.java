package org.collectionscheduler.host;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Pseudonyms;

/** The context of an attempt that stands still at {@link #NOW} and always has the same time left. */
record TestContext(Duration remaining) implements CollectionContext {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Pseudonyms PSEUDONYMS = new Pseudonyms(
            "a salt that only tests use".getBytes(StandardCharsets.UTF_8), Pseudonyms.NamespaceNames.HASHED);

    TestContext() {
        this(Duration.ofMinutes(10));
    }

    @Override
    public String collection() {
        return "test-collection";
    }

    @Override
    public String runId() {
        return "run-1";
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Clock clock() {
        return Clock.fixed(NOW, ZoneOffset.UTC);
    }

    @Override
    public Pseudonyms pseudonyms() {
        return PSEUDONYMS;
    }

    @Override
    public <T extends AutoCloseable> T closeOnCancel(T resource) {
        return resource;
    }
}
