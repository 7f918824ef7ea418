package org.collectionscheduler.run;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.springframework.context.ApplicationEventPublisher;

/** What was published, in order, and a listener that a test can give. */
public final class RecordedEvents implements ApplicationEventPublisher {

    private final Queue<RunEvent> events = new ConcurrentLinkedQueue<>();
    private volatile Consumer<RunEvent> listener = event -> {};

    public void listen(Consumer<RunEvent> newListener) {
        listener = newListener;
    }

    public <T extends RunEvent> List<T> all(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void publishEvent(Object event) {
        events.add((RunEvent) event);
        listener.accept((RunEvent) event);
    }
}
