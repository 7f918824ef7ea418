package org.collectionscheduler.schedule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * Spreads the first runs of many deployments: the same for one deployment and collection for ever, different between
 * deployments, uniform over many of them.
 */
public final class Offset {

    private Offset() {}

    /**
     * {@code hash(seed, collection)} scaled to {@code [0, maxOffset)}, in whole milliseconds.
     *
     * @param seed the deployment's random seed
     * @param maxOffset upper bound, exclusive; zero means no offset
     */
    public static Duration of(String seed, String collection, Duration maxOffset) {
        if (maxOffset.isNegative()) {
            throw new IllegalArgumentException("max-offset is " + maxOffset + "; it must not be negative");
        }
        long bound = maxOffset.toMillis();
        long uniform63 = hash(seed + '\0' + collection) >>> 1;
        // multiplyHigh gives floor(a * b / 2^64); doubling b makes that floor(uniform63 / 2^63 * bound).
        return Duration.ofMillis(Math.multiplyHigh(uniform63, Math.multiplyExact(bound, 2)));
    }

    private static long hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every runtime must have", e);
        }
    }
}
