package org.collectionscheduler.collector;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes names and identifiers unreadable, always in the same way within one deployment and never in the same way in two:
 * HMAC-SHA-256 (RFC 2104) with the deployment's salt as the key. Only names of namespaces may be treated otherwise, where
 * the operator asks for it.
 */
public final class Pseudonyms {

    private static final int NAMESPACE_HEX_DIGITS = 12;
    private static final int ID_HEX_DIGITS = 32;

    /** How names of namespaces appear in data: {@code scheduler.privacy.namespace-names}. */
    public enum NamespaceNames {
        /** With the deployment's salt: nobody without it can tell whether a name is the one that he guesses. */
        HASHED,
        /** Without a salt, as others make such identifiers: whoever guesses a name can confirm it. */
        SHA256,
        PLAIN
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] salt;
    private final NamespaceNames namespaceNames;

    /** @param salt the deployment's secret, at least 16 bytes */
    public Pseudonyms(byte[] salt, NamespaceNames namespaceNames) {
        if (salt.length < 16) {
            throw new IllegalArgumentException("the salt has " + salt.length + " bytes; at least 16 are needed");
        }
        this.salt = salt.clone();
        this.namespaceNames = namespaceNames;
    }

    /**
     * 64 hex digits that stand for {@code value}.
     *
     * @param domain what sort of value it is, so that equal values of two sorts do not look alike
     */
    public String hash(String domain, String value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(salt, "HmacSHA256"));
            mac.update(domain.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HmacSHA256, which every runtime must have", e);
        }
    }

    /** The key under which a namespace appears: {@code namespace-} and 12 hex digits, or its name where that is wanted. */
    public String namespaceKey(String name) {
        return switch (namespaceNames) {
            case HASHED -> "namespace-" + hash("namespace", name).substring(0, NAMESPACE_HEX_DIGITS);
            case SHA256 -> "namespace-" + sha256(name).substring(0, NAMESPACE_HEX_DIGITS);
            case PLAIN -> name;
        };
    }

    /** The rule that {@link #namespaceKey} follows, for {@link Collected#rulesApplied()}. */
    public String namespaceRule() {
        return switch (namespaceNames) {
            case HASHED -> "namespace-names:hmac-sha256";
            case SHA256 -> "namespace-names:sha256";
            case PLAIN -> "namespace-names:plain";
        };
    }

    private static String sha256(String value) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(value.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256, which every runtime must have", e);
        }
    }

    /** A new random id for one set of data: {@code coll_} and 32 hex digits. */
    public static String newCollectionId() {
        byte[] bytes = new byte[ID_HEX_DIGITS / 2];
        RANDOM.nextBytes(bytes);
        return "coll_" + HexFormat.of().formatHex(bytes);
    }
}
