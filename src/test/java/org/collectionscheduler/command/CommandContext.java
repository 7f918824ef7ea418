package org.collectionscheduler.command;

import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Pseudonyms;

/** The context of an attempt with parameters. */
record CommandContext(CommandParameters given, String runId, int attempt) implements CollectionContext {

    /** The first attempt of a run that nobody else has. */
    CommandContext(CommandParameters given) {
        this(given, UUID.randomUUID().toString(), 1);
    }

    @Override
    public String collection() {
        return "test-collection";
    }

    @Override
    public Clock clock() {
        throw new UnsupportedOperationException("a command's output says what time it is");
    }

    @Override
    public Duration remaining() {
        return Duration.ofMinutes(10);
    }

    @Override
    public Pseudonyms pseudonyms() {
        throw new UnsupportedOperationException("a command's output is taken as it is");
    }

    @Override
    public <T extends Record> T parameters(Class<T> type) {
        return type.cast(given);
    }

    @Override
    public <T extends AutoCloseable> T closeOnCancel(T resource) {
        return resource;
    }
}
