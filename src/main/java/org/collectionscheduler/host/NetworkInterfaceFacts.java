package org.collectionscheduler.host;

import org.jspecify.annotations.Nullable;

/**
 * One network interface, without any address. Counters count from its creation, usually the boot.
 *
 * @param name by the rule of {@link ResourceNames}
 * @param kind {@code loopback}, {@code ethernet}, {@code wireless}, {@code bridge}, {@code bond}, {@code tunnel},
 *     {@code virtual} (made by software, such as one end of a container's cable) or {@code other}
 * @param up whether it can carry packets now
 * @param speedBitsPerSecond null when unknown, as for most that are virtual or down
 */
record NetworkInterfaceFacts(
        String name,
        String kind,
        boolean up,
        @Nullable Long speedBitsPerSecond,
        long receivedBytes,
        long sentBytes,
        long receivedPackets,
        long sentPackets,
        long receiveErrors,
        long sendErrors) {}
