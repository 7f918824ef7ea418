package org.collectionscheduler.store;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells a table's content from another's.
 *
 * @param sha256 of all values of all rows in the order of their keys, in hexadecimal digits
 */
public record TableSum(long rows, String sha256) {

    /** Adds rows up. */
    static final class Builder {

        private final MessageDigest digest = newDigest();
        private long rows;

        void add(Row row) {
            rows++;
            for (Object value : row.values()) {
                if (value instanceof byte[] text) {
                    header((byte) 't', text.length);
                    digest.update(text);
                } else if (value instanceof Long number) {
                    header((byte) 'n', number);
                } else {
                    header((byte) '0', 0);
                }
            }
        }

        TableSum sum() {
            return new TableSum(rows, HexFormat.of().formatHex(digest.digest()));
        }

        private void header(byte kind, long number) {
            digest.update(kind);
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
