package org.collectionscheduler.kubernetes;

import java.time.Duration;
import java.util.Map;

/** One way in which {@link FakeKubernetesApi} fails to answer as it should. */
public record Misbehaviour(Type type, int status, Map<String, String> headers, String body, Duration delay) {

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
        /** Every page names a next one, and each has objects. */
        ENDLESS,
        /** Every page names a next one, and none has objects. */
        ENDLESS_EMPTY,
        /** Every page names the same next page. */
        SAME_TOKEN
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
        return new Misbehaviour(Type.ANSWER, status, headers, body, Duration.ZERO);
    }

    public static Misbehaviour slow(Duration delay) {
        return new Misbehaviour(Type.SLOW, 200, Map.of(), "", delay);
    }

    public static Misbehaviour drip(Duration delay) {
        return new Misbehaviour(Type.DRIP, 200, Map.of(), "", delay);
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

    public static Misbehaviour endless() {
        return plain(Type.ENDLESS);
    }

    public static Misbehaviour endlessEmpty() {
        return plain(Type.ENDLESS_EMPTY);
    }

    public static Misbehaviour sameToken() {
        return plain(Type.SAME_TOKEN);
    }

    private static Misbehaviour plain(Type type) {
        return new Misbehaviour(type, 200, Map.of(), "", Duration.ZERO);
    }
}
