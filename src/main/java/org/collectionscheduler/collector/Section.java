package org.collectionscheduler.collector;

import org.jspecify.annotations.Nullable;

/**
 * How the gathering of one part of the data went.
 *
 * @param status whether the part is there
 * @param reason why it is not whole, for an operator; null when it is
 * @param countMethod how totals were found, such as {@code exact}; null where nothing was counted
 * @param consistency which state of the source the part shows, such as a resource version; null when unknown
 */
public record Section(
        Status status,
        @Nullable String reason,
        @Nullable String countMethod,
        @Nullable String consistency) {

    /** {@code OK} is whole, {@code PARTIAL} has some data, the others have none. */
    public enum Status {
        OK,
        PARTIAL,
        FORBIDDEN,
        UNAVAILABLE
    }

    public Section {
        if (status != Status.OK && (reason == null || reason.isBlank())) {
            throw new IllegalArgumentException("a section that is " + status + " needs a reason");
        }
    }

    public static Section ok() {
        return new Section(Status.OK, null, null, null);
    }

    public static Section ok(@Nullable String countMethod, @Nullable String consistency) {
        return new Section(Status.OK, null, countMethod, consistency);
    }

    public static Section partial(String reason) {
        return new Section(Status.PARTIAL, reason, null, null);
    }

    public static Section forbidden(String reason) {
        return new Section(Status.FORBIDDEN, reason, null, null);
    }

    public static Section unavailable(String reason) {
        return new Section(Status.UNAVAILABLE, reason, null, null);
    }

    boolean missing() {
        return status == Status.FORBIDDEN || status == Status.UNAVAILABLE;
    }
}
