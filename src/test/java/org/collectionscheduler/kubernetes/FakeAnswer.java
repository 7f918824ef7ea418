package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** What is answered to one request. */
record FakeAnswer(int status, Map<String, String> headers, FakeHttpExchange.BodyWriter body) {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    FakeAnswer {
        headers = Map.copyOf(headers);
    }

    static FakeAnswer json(FakeHttpExchange.BodyWriter body) {
        return new FakeAnswer(200, JSON, body);
    }

    static FakeAnswer protobuf(FakeHttpExchange.BodyWriter body) {
        return new FakeAnswer(200, Map.of("Content-Type", ApiRequest.PROTOBUF), body);
    }

    static FakeAnswer json(String body) {
        return of(200, JSON, body);
    }

    static FakeAnswer of(int status, Map<String, String> headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new FakeAnswer(status, headers, out -> out.write(bytes));
    }

    /** As the server answers to a path that no API has: not by a Status. */
    static FakeAnswer unknownPath() {
        return of(
                404,
                Map.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
                "404 page not found\n");
    }

    /** A failure as the API describes it. */
    static FakeAnswer status(int code, String reason, String message) {
        return status(code, reason, message, Map.of());
    }

    /** @param metadata of the Status, such as a token to go on with */
    static FakeAnswer status(int code, String reason, String message, Map<String, String> metadata) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.put("metadata", metadata);
        status.put("status", "Failure");
        status.put("message", message);
        status.put("reason", reason);
        status.put("code", code);
        return of(code, JSON, JsonMapper.shared().writeValueAsString(status) + "\n");
    }
}
