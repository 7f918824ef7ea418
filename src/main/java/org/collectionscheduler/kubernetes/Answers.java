package org.collectionscheduler.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Tells good answers from bad ones by their status and headers. */
final class Answers {

    private static final Duration LONGEST_WISH = Duration.ofDays(1);

    private final ClusterAccess access;
    private final ApiRequest request;
    private final Clock clock;

    Answers(ClusterAccess access, ApiRequest request, Clock clock) {
        this.access = access;
        this.request = request;
        this.clock = clock;
    }

    /** @throws ApiException unless the answer is of a type that was asked for */
    void check(Exchange exchange, HttpResponse<AsyncBody> answer) throws ApiException {
        int status = answer.code();
        if (status == 410) {
            throw expired(exchange, answer);
        }
        if (status != 200) {
            exchange.drain(answer);
            throw refused(status, answer);
        }
        if (!request.accepts(answer.header("Content-Type"))) {
            exchange.drain(answer);
            throw new Failures(access, request).malformed(" (its type is none that was asked for)");
        }
    }

    private ApiException refused(int status, HttpResponse<AsyncBody> answer) {
        if (status == 401) {
            return ApiException.of(
                    Kind.UNAUTHORIZED,
                    access.server() + " refused the credentials (401): renew the token or certificate in "
                            + access.origin());
        }
        if (status == 403) {
            return ApiException.of(
                    Kind.FORBIDDEN,
                    "not allowed to " + request.action() + " (403): add " + request.permission()
                            + " to the ClusterRole of this service");
        }
        if (status >= 300 && status < 400) {
            return refused("a redirect (" + status + "), which is not followed lest the credentials go elsewhere");
        }
        if (status == 429 || status >= 500) {
            return ApiException.retryLater(
                    status == 429 ? Kind.THROTTLED : Kind.SERVER_ERROR,
                    "the API server answered " + status + " when asked to " + request.action()
                            + "; look at its load and its log",
                    wish(answer));
        }
        if (status == 404) {
            return ApiException.of(
                    Kind.REFUSED,
                    request.absence() + "; where it should, check that the server in " + access.origin()
                            + " is the Kubernetes API server itself");
        }
        if (status == 400 || status == 422) {
            return ApiException.of(
                    Kind.BAD_REQUEST,
                    "the API server did not understand the request to " + request.action() + " (" + status
                            + "); check its version");
        }
        if (status == 406) {
            return ApiException.of(
                    Kind.UNSUITABLE, "the API server has no form that was asked for to " + request.action() + " (406)");
        }
        return refused("status " + status);
    }

    private ApiException refused(String what) {
        return ApiException.of(
                Kind.REFUSED,
                "the answer to a request to " + request.action() + " is " + what + "; check that the server in "
                        + access.origin() + " is the Kubernetes API server itself");
    }

    private ApiException expired(Exchange exchange, HttpResponse<AsyncBody> answer) throws ApiException {
        String[] token = new String[1];
        try (InputStream body = exchange.decoded(answer)) {
            Json.document(body, (field, parser) -> {
                if (field.equals("metadata")) {
                    Json.eachField(parser, (name, value) -> {
                        if (name.equals("continue")) {
                            token[0] = Json.text(value);
                        }
                    });
                }
            });
        } catch (IOException | JacksonException e) {
            ApiException failure = new Failures(access, request).inBody(e);
            if (failure.kind() != Kind.MALFORMED) {
                throw failure;
            }
        }
        return ApiException.expired(
                "the list expired (410) while the API server was asked to " + request.action()
                        + "; look at its load, for pages take too long",
                token[0]);
    }

    /** What {@code Retry-After} asks for, in seconds or as a date, which is measured by the server's own clock. */
    private @Nullable Duration wish(HttpResponse<AsyncBody> answer) {
        String value = answer.header("Retry-After");
        if (value == null) {
            return null;
        }
        String wish = value.trim();
        if (wish.matches("\\d{1,9}")) {
            return bounded(Duration.ofSeconds(Long.parseLong(wish)));
        }
        Instant until = date(wish);
        if (until == null) {
            return null;
        }
        String served = answer.header("Date");
        Instant now = served == null ? null : date(served);
        return bounded(Duration.between(now == null ? clock.instant() : now, until));
    }

    private static Duration bounded(Duration wish) {
        if (wish.isNegative()) {
            return Duration.ZERO;
        }
        return wish.compareTo(LONGEST_WISH) < 0 ? wish : LONGEST_WISH;
    }

    /** @return null when it is no date */
    private static @Nullable Instant date(String value) {
        try {
            return ZonedDateTime.parse(value.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
