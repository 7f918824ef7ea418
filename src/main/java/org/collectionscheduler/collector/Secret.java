package org.collectionscheduler.collector;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.ConstructorBinding;

/**
 * A parameter that nobody may see: written as {@code {secret-file: /run/secrets/x}} or {@code {secret-env: X}}, never as
 * the value itself. It is read at each {@link #value()}, so a file that was replaced counts from then on.
 *
 * <p>Safe for use by several threads. It remembers the last values that it gave, to find them where they must not be.
 */
public final class Secret {

    private static final int MOST_BYTES = 65_536;
    private static final int REMEMBERED = 8;
    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparing(String::length).reversed();

    private static final String MASK = "***";

    /** Shorter ones, in characters, may well be somewhere by chance. */
    private static final int SHORTEST_BASE64_PART = 8;

    private final @Nullable Path secretFile;
    private final @Nullable String secretEnv;
    private final Set<String> given = new LinkedHashSet<>();

    /** One of both is null. */
    @ConstructorBinding
    public Secret(@Nullable Path secretFile, @Nullable String secretEnv) {
        if ((secretFile == null) == (secretEnv == null)) {
            throw new IllegalArgumentException("needs one of secret-file and secret-env");
        }
        this.secretFile = secretFile;
        this.secretEnv = secretEnv;
    }

    /**
     * The value as it is now, without a final newline. May block while the file is read.
     *
     * @throws CollectionFailedException when it cannot be read, or is empty; it may be there at the next attempt
     */
    public String value() throws CollectionFailedException {
        String read = secretFile == null ? variable() : file(secretFile);
        String value = read.endsWith("\r\n")
                ? read.substring(0, read.length() - 2)
                : read.endsWith("\n") ? read.substring(0, read.length() - 1) : read;
        if (value.isBlank()) {
            throw CollectionFailedException.passing(where() + " is empty; write the secret into it", null);
        }
        synchronized (given) {
            // Last used, last forgotten.
            given.remove(value);
            given.add(value);
            if (given.size() > REMEMBERED) {
                given.remove(given.iterator().next());
            }
        }
        return value;
    }

    /** The text with {@code ***} in place of every value that was given, plain or as URLs, JSON and Base64 write it. */
    public String mask(String text) {
        return mask(List.of(this), text);
    }

    /** As {@link #mask(String)} with each of the secrets, of which one may be a part of another one. */
    public static String mask(Collection<Secret> secrets, String text) {
        List<String> forms = secrets.stream()
                .flatMap(secret -> secret.forms().stream())
                .distinct()
                .sorted(LONGEST_FIRST)
                .toList();
        String masked = text;
        for (String form : forms) {
            masked = masked.replace(form, MASK);
        }
        return masked;
    }

    /** Whether a value that was given is in the text, plain or as URLs, JSON and Base64 write it. */
    public boolean isIn(String text) {
        return forms().stream().anyMatch(text::contains);
    }

    /**
     * Most bytes, in UTF-8, that a value that was given takes in any of the forms that are masked; 0 when none was given.
     * Closer than that to a cut, a text may hold a part of one, which nothing masks.
     */
    public int longestForm() {
        return forms().stream()
                .mapToInt(form -> form.getBytes(StandardCharsets.UTF_8).length)
                .max()
                .orElse(0);
    }

    /** Whether it is read at the same place, whatever is there. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && Objects.equals(secretFile, secret.secretFile)
                && Objects.equals(secretEnv, secret.secretEnv);
    }

    @Override
    public int hashCode() {
        return Objects.hash(secretFile, secretEnv);
    }

    /** Never the value. */
    @Override
    public String toString() {
        return MASK;
    }

    private List<String> forms() {
        List<String> values;
        synchronized (given) {
            values = List.copyOf(given);
        }
        return values.stream().flatMap(Secret::forms).distinct().toList();
    }

    private static Stream<String> forms(String value) {
        String form = URLEncoder.encode(value, StandardCharsets.UTF_8);
        Stream<String> plain = Stream.of(value, json(value), form, form.replace("+", "%20"));
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return Stream.concat(
                plain,
                Stream.of(Base64.getEncoder(), Base64.getUrlEncoder())
                        .flatMap(encoder -> Stream.concat(
                                Stream.of(
                                        encoder.encodeToString(bytes),
                                        encoder.withoutPadding().encodeToString(bytes)),
                                parts(encoder.withoutPadding(), bytes))));
    }

    /** What only the value decides where more is encoded with it, such as a user's name before it and a colon. */
    private static Stream<String> parts(Base64.Encoder encoder, byte[] value) {
        return IntStream.range(0, 3)
                .mapToObj(before -> {
                    byte[] bytes = new byte[before + value.length];
                    System.arraycopy(value, 0, bytes, before, value.length);
                    // A character stands for six bits.
                    return encoder.encodeToString(bytes).substring((before * 8 + 5) / 6, bytes.length * 8 / 6);
                })
                .filter(part -> part.length() >= SHORTEST_BASE64_PART);
    }

    private String variable() throws CollectionFailedException {
        String value = System.getenv(secretEnv);
        if (value == null) {
            throw CollectionFailedException.passing(where() + " is not set; set it for this process", null);
        }
        return value;
    }

    private String file(Path file) throws CollectionFailedException {
        try (InputStream bytes = Files.newInputStream(file)) {
            byte[] read = bytes.readNBytes(MOST_BYTES + 1);
            if (read.length > MOST_BYTES) {
                throw CollectionFailedException.passing(
                        where() + " is larger than " + MOST_BYTES + " bytes; give a file that holds the secret alone",
                        null);
            }
            return new String(read, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw CollectionFailedException.passing(
                    where() + " cannot be read (" + e.getClass().getSimpleName()
                            + "); create it, readable by this process",
                    null);
        }
    }

    /** Somebody may have written a value where its place belongs, so only what looks like a place is shown. */
    private String where() {
        if (secretFile == null) {
            return "the variable that secret-env names";
        }
        return secretFile.isAbsolute() ? "the secret file " + secretFile : "the file that secret-file names";
    }

    private static String json(String value) {
        StringBuilder escaped = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
