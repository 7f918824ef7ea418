package org.collectionscheduler.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What makes this deployment different from every other.
 *
 * @param seed moves the first runs of this deployment against those of others; not secret
 * @param salt the key by which names are made unreadable; a secret
 * @param origin where both came from
 */
public record Deployment(String seed, String salt, Origin origin) {

    /** Where a seed and a salt came from. */
    public enum Origin {
        STORED,
        FILE,
        /** Made for this process alone. */
        EPHEMERAL
    }

    static final int SHORTEST = 16;

    public Deployment {
        if (seed.length() < SHORTEST || salt.length() < SHORTEST) {
            throw new IllegalArgumentException("seed and salt need at least " + SHORTEST + " characters each");
        }
    }

    /** Fresh random values, 256 bits each. */
    public static Deployment random(Origin origin) {
        SecureRandom random = new SecureRandom();
        return new Deployment(hex(random), hex(random), origin);
    }

    /** The salt as the bytes of a key. */
    public byte[] saltBytes() {
        return salt.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Leaves the salt out. */
    @Override
    public String toString() {
        return "Deployment[origin=" + origin + "]";
    }

    private static String hex(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
