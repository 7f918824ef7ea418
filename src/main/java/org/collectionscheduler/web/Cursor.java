package org.collectionscheduler.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the next part of a list begins, as text that means nothing to whoever sends it back. It fits only the list that
 * it came from, in the same order and with the same filters; that and its wholeness are checked by a digest. It holds no
 * secret and opens nothing.
 */
final class Cursor {

    private static final int DIGEST_BYTES = 8;

    private Cursor() {}

    /**
     * @param list what the list is of, its order and its filters
     * @param position of the last row that was shown
     */
    static String of(String list, List<@Nullable String> position) {
        byte[] content = bytes(position);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(digest(list, content));
        whole.writeBytes(content);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(whole.toByteArray());
    }

    /** The position; empty when the text is damaged, or comes from another list. */
    static Optional<List<@Nullable String>> position(String list, String text) {
        byte[] whole;
        try {
            whole = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (whole.length < DIGEST_BYTES) {
            return Optional.empty();
        }
        byte[] content = Arrays.copyOfRange(whole, DIGEST_BYTES, whole.length);
        return Arrays.equals(digest(list, content), Arrays.copyOf(whole, DIGEST_BYTES))
                ? values(content)
                : Optional.empty();
    }

    private static byte[] bytes(List<@Nullable String> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (String value : values) {
                out.writeBoolean(value != null);
                out.writeUTF(value == null ? "" : value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Optional<List<@Nullable String>> values(byte[] content) {
        List<@Nullable String> values = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            while (in.available() > 0) {
                boolean present = in.readBoolean();
                String value = in.readUTF();
                values.add(present ? value : null);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.of(values);
    }

    private static byte[] digest(String list, byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] name = list.getBytes(StandardCharsets.UTF_8);
            digest.update((name.length + " ").getBytes(StandardCharsets.US_ASCII));
            digest.update(name);
            return Arrays.copyOf(digest.digest(content), DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
