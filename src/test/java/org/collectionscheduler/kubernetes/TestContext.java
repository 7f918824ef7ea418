package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Pseudonyms;

/** An attempt with so much time, that a test can cancel. */
final class TestContext implements CollectionContext {

    static final Instant NOW = Instant.parse("2031-05-06T07:08:09Z");

    private final long endNanos;
    private final Pseudonyms pseudonyms;
    private final List<AutoCloseable> resources = new CopyOnWriteArrayList<>();
    private volatile boolean cancelled;

    TestContext(Duration time, Pseudonyms.NamespaceNames names) {
        this.endNanos = System.nanoTime() + time.toNanos();
        this.pseudonyms = new Pseudonyms("a salt of enough bytes".getBytes(StandardCharsets.UTF_8), names);
    }

    static TestContext lasting(Duration time) {
        return new TestContext(time, Pseudonyms.NamespaceNames.HASHED);
    }

    static TestContext plain() {
        return new TestContext(Duration.ofMinutes(2), Pseudonyms.NamespaceNames.PLAIN);
    }

    /** As the service does when the attempt is cancelled, but without the interrupt. */
    void cancel() throws Exception {
        cancelled = true;
        for (AutoCloseable resource : resources) {
            resource.close();
        }
    }

    @Override
    public String collection() {
        return "test";
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
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
    }

    @Override
    public Pseudonyms pseudonyms() {
        return pseudonyms;
    }

    @Override
    public <T extends AutoCloseable> T closeOnCancel(T resource) {
        resources.add(resource);
        if (cancelled) {
            try {
                resource.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return resource;
    }
}
