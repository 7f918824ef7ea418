package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;

/** Errors as problem documents (RFC 9457). */
final class Problems {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Problems() {}

    static ErrorResponseException of(HttpStatus status, String detail) {
        return new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
    }

    /** For filters, whose exceptions nothing turns into documents. */
    static void write(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        var document = MAPPER.createObjectNode()
                .put("title", status.getReasonPhrase())
                .put("status", status.value())
                .put("detail", detail);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(MAPPER.writeValueAsString(document).getBytes(StandardCharsets.UTF_8));
    }
}
