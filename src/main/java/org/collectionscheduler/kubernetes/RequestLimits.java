package org.collectionscheduler.kubernetes;

import java.time.Duration;

/**
 * What bounds one request, whatever the server does.
 *
 * @param connect until the connection stands
 * @param idle without one byte from the server
 * @param total from preparing it, with the wait for its turn, to the last byte
 * @param maxBytes of one response, after decompression
 */
record RequestLimits(Duration connect, Duration idle, Duration total, long maxBytes) {

    /** The largest real page, 500 nodes with all their images, has about 20 MB. */
    static final RequestLimits DEFAULTS =
            new RequestLimits(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofMinutes(2), 256L << 20);

    RequestLimits {
        requirePositive("connect", connect);
        requirePositive("idle", idle);
        requirePositive("total", total);
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + "; at least 1 is needed");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be positive");
        }
    }
}
