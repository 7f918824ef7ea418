package org.collectionscheduler.web;

import org.collectionscheduler.store.StoreUnavailableException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** A store that cannot be used now is no fault of the request. */
@RestControllerAdvice
class StoreProblems {

    @ExceptionHandler
    ProblemDetail storeUnavailable(StoreUnavailableException e) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
    }
}
