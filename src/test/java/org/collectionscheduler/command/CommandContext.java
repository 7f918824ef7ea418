package org.collectionscheduler.command;

import java.time.Clock;
import java.time.Duration;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Pseudonyms;

/** The context of an attempt with parameters. */
record CommandContext(CommandParameters given) implements CollectionContext {

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
