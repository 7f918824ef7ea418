package org.collectionscheduler.web;

import org.collectionscheduler.run.ExhaustedHeap;
import org.collectionscheduler.run.QuarantinedException;
import org.collectionscheduler.run.UnreadableRowException;
import org.collectionscheduler.store.StoreUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers failures that are no fault of the request; Spring's own advice, which comes first, answers the others. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ServiceProblems {

    private static final Logger log = LoggerFactory.getLogger(ServiceProblems.class);

    @ExceptionHandler
    ProblemDetail storeUnavailable(StoreUnavailableException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail quarantined(QuarantinedException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, e.getMessage());
    }

    @ExceptionHandler
    ProblemDetail unreadable(UnreadableRowException e) {
        log.atWarn().addKeyValue("reason", e.getMessage()).log("a stored row cannot be read");
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, e.getMessage() + "; mend that row, or delete it");
    }

    @ExceptionHandler
    ProblemDetail fault(Throwable e) {
        ExhaustedHeap.endProcessIfBehind(e);
        log.atError().setCause(e).log("a request failed by a fault of the service");
        return ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, "a fault of the service; its log says more");
    }
}
