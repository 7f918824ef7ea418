package org.collectionscheduler.kubernetes;

/** Every bound that a conversation with the API server keeps. */
record ClientSettings(RequestLimits request, RetryPolicy retry, PageLimits pages) {

    static final ClientSettings DEFAULTS =
            new ClientSettings(RequestLimits.DEFAULTS, RetryPolicy.DEFAULTS, PageLimits.DEFAULTS);
}
