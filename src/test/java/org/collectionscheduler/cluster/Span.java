package org.collectionscheduler.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * A time during which something was so, by the machine's clock.
 *
 * @param from inclusive
 * @param to inclusive
 */
record Span(Instant from, Instant to) {

    boolean contains(Instant instant) {
        return !instant.isBefore(from) && !instant.isAfter(to);
    }

    Span widenedBy(Duration margin) {
        return new Span(from.minus(margin), to.plus(margin));
    }

    static boolean anyContains(Collection<Span> spans, Instant instant, Duration margin) {
        return spans.stream().anyMatch(span -> span.widenedBy(margin).contains(instant));
    }
}
