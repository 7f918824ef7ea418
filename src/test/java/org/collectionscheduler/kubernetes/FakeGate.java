package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.Nullable;

/** Lets in who has the bearer token of the hour. */
final class FakeGate {

    private @Nullable String required;
    private @Nullable String next;
    private int untilNext;

    synchronized void require(@Nullable String token) {
        required = token;
        next = null;
    }

    synchronized void rotateAfter(int requests, String token) {
        untilNext = requests;
        next = token;
    }

    /** @param authorization the header; null when there is none */
    synchronized boolean letsIn(@Nullable String authorization) {
        if (next != null && untilNext-- == 0) {
            required = next;
            next = null;
        }
        return required == null || ("Bearer " + required).equals(authorization);
    }
}
