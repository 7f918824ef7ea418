package org.collectionscheduler.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

/**
 * Answers what the server refuses before the dispatcher sees it, such as {@code /api/runs/a%2Fb}. Nobody has looked for
 * a token then, so nothing is said but what is wrong in general.
 */
final class RefusalValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(RefusalValve.class);

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        HttpStatus status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            Problems.write(
                    response,
                    status,
                    "the server cannot take this request as it is written: its path holds what must be encoded, or %2F,"
                            + " %5C or %00; or its headers are too long");
            response.finishResponse();
        } catch (IOException e) {
            log.atDebug().setCause(e).log("whoever sent a request that is refused is gone");
        }
    }
}
