package org.collectionscheduler.kubernetes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way in which {@link FakeKubernetesApi} fails to answer as it should.
 *
 * @param amount bytes of what is giant, levels of what is deep, objects of each page of what does not end, seconds to
 *     wait by a wrong clock; 0 otherwise
 */
public record Misbehaviour(
        Type type, int status, Map<String, String> headers, String body, Duration delay, long amount) {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    enum Type {
        /** Answers with a status, headers and a body of its own. */
        ANSWER,
        /** Answers well, but later. */
        SLOW,
        /** Never answers. */
        SILENT,
        /** Stops in the middle of the body and keeps the connection open. */
        STALL,
        /** Closes the connection in the middle of the body. */
        TRUNCATE,
        /** Resets the connection in the middle of the body. */
        RESET,
        /** Sends the body in drops, each after the delay. */
        DRIP,
        /** Closes the connection instead of answering. */
        HANG_UP,
        /** Every page names a next one, and each has objects, never more than are asked for. */
        ENDLESS,
        /** Every page names a next one, and none has objects. */
        ENDLESS_EMPTY,
        /** Every page names the same next page. */
        SAME_TOKEN,
        /** The first object of a page has an annotation of many bytes. */
        GIANT,
        /** The first object of a page holds arrays in arrays. */
        DEEP,
        /** Pages say something wrong about how many objects are left. */
        REMAINING,
        /** The compressed body ends early, although the answer is whole as HTTP. */
        TRUNCATED_GZIP,
        /** Answers with a status, and asks for patience by a clock that is wrong. */
        CLOCK_SKEW
    }

    /** A status with the body that a real server sends, which names resources and users. */
    public static Misbehaviour status(int status, Map<String, String> headers) {
        return answer(status, headers, """
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","code":%d,
                 "message":"User \\"system:serviceaccount:%2$s-ns:%2$s-sa\\" got %1$d for \\"%2$s-pod\\""}""".formatted(status, FakeCluster.MARK));
    }

    public static Misbehaviour status(int status) {
        return status(status, Map.of());
    }

    /** Status 429 or 503 that asks to wait. */
    public static Misbehaviour retryAfter(int status, String value) {
        return status(status, Map.of("Retry-After", value));
    }

    public static Misbehaviour redirect(String location) {
        return answer(302, Map.of("Location", location), "");
    }

    /** A login page. */
    public static Misbehaviour html() {
        return answer(
                200,
                Map.of("Content-Type", "text/html"),
                "<html><body>" + FakeCluster.MARK + "-user, log in</body></html>");
    }

    /** A good status and type with any body. */
    public static Misbehaviour json(String body) {
        return answer(200, Map.of("Content-Type", "application/json"), body);
    }

    public static Misbehaviour answer(int status, Map<String, String> headers, String body) {
        return new Misbehaviour(Type.ANSWER, status, headers, body, Duration.ZERO, 0);
    }

    public static Misbehaviour slow(Duration delay) {
        return new Misbehaviour(Type.SLOW, 200, Map.of(), "", delay, 0);
    }

    public static Misbehaviour drip(Duration delay) {
        return new Misbehaviour(Type.DRIP, 200, Map.of(), "", delay, 0);
    }

    public static Misbehaviour hangUp() {
        return plain(Type.HANG_UP);
    }

    public static Misbehaviour silent() {
        return plain(Type.SILENT);
    }

    public static Misbehaviour stall() {
        return plain(Type.STALL);
    }

    public static Misbehaviour truncate() {
        return plain(Type.TRUNCATE);
    }

    public static Misbehaviour reset() {
        return plain(Type.RESET);
    }

    /** @param objects of each page, unless fewer are asked for */
    public static Misbehaviour endless(int objects) {
        return new Misbehaviour(Type.ENDLESS, 200, Map.of(), "", Duration.ZERO, objects);
    }

    public static Misbehaviour endlessEmpty() {
        return plain(Type.ENDLESS_EMPTY);
    }

    public static Misbehaviour sameToken() {
        return plain(Type.SAME_TOKEN);
    }

    /** One object of a page is as large as that. */
    public static Misbehaviour giant(long bytes) {
        return new Misbehaviour(Type.GIANT, 200, Map.of(), "", Duration.ZERO, bytes);
    }

    /** One object of an otherwise good page is as deep as that. */
    public static Misbehaviour deep(int levels) {
        return new Misbehaviour(Type.DEEP, 200, Map.of(), "", Duration.ZERO, levels);
    }

    /** @param json such as {@code -1}, {@code 9223372036854775807} or {@code "many"} */
    public static Misbehaviour remainingItemCount(String json) {
        return new Misbehaviour(Type.REMAINING, 200, Map.of(), json, Duration.ZERO, 0);
    }

    /** Compresses even a small body where the client takes that, and leaves out the end. */
    public static Misbehaviour truncatedGzip() {
        return plain(Type.TRUNCATED_GZIP);
    }

    /**
     * Status 429 or 503 that asks to wait until a time, as a server says it whose clock is wrong.
     *
     * @param skew how far its clock is ahead; negative when it is behind
     * @param wait in its clock, from now on
     */
    public static Misbehaviour clockSkew(int status, Duration skew, Duration wait) {
        return new Misbehaviour(Type.CLOCK_SKEW, status, Map.of(), "", skew, wait.toSeconds());
    }

    /** What is answered instead of anything good; null when something good is answered badly. */
    @Nullable FakeAnswer answer(Clock clock) {
        return switch (type) {
            case ANSWER -> FakeAnswer.of(status, withType(headers), body);
            case CLOCK_SKEW -> {
                Instant skewed = clock.instant().plus(delay);
                Map<String, String> dates =
                        Map.of("Date", httpDate(skewed), "Retry-After", httpDate(skewed.plusSeconds(amount)));
                yield FakeAnswer.of(status, withType(dates), status(status).body());
            }
            default -> null;
        };
    }

    static String httpDate(Instant time) {
        return HTTP_DATE.format(time);
    }

    private static Map<String, String> withType(Map<String, String> headers) {
        Map<String, String> typed = new HashMap<>(headers);
        typed.putIfAbsent("Content-Type", "application/json");
        return typed;
    }

    /** Whether a token to go on with was made up by a misbehaving server. */
    static boolean isToken(String text) {
        return text.startsWith("endless-") || text.equals("same");
    }

    private static Misbehaviour plain(Type type) {
        return new Misbehaviour(type, 200, Map.of(), "", Duration.ZERO, 0);
    }
}
