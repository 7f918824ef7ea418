package org.collectionscheduler.kubernetes;

import java.io.IOException;

/** Carries the reason why a body ended early through code that knows only {@link IOException}. */
final class BodyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final ApiException failure;

    BodyException(ApiException failure) {
        super(failure.getMessage(), failure);
        this.failure = failure;
    }

    ApiException failure() {
        return failure;
    }
}
