package org.collectionscheduler.kubernetes;

import java.time.Duration;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;

/**
 * Why a request brought nothing back. The message is for an operator and is written here: what a server or a parser
 * says may hold names of resources and is never passed on.
 */
final class ApiException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, and with it how far the damage goes. */
    enum Kind {
        FORBIDDEN(Reach.SECTION, false),
        EXPIRED(Reach.SECTION, false),
        REFUSED(Reach.SECTION, false),
        BAD_REQUEST(Reach.SECTION, false),
        MALFORMED(Reach.SECTION, false),
        UNSUITABLE(Reach.SECTION, false),
        STALLED(Reach.SECTION, false),
        BROKEN(Reach.SECTION, true),
        THROTTLED(Reach.SECTION, true),
        SERVER_ERROR(Reach.SECTION, true),
        UNREACHABLE(Reach.ATTEMPT, true),
        OUT_OF_TIME(Reach.ATTEMPT, false),
        CANCELLED(Reach.ATTEMPT, false),
        UNAUTHORIZED(Reach.RUN, false),
        UNTRUSTED(Reach.RUN, false);

        private final Reach reach;
        private final boolean retryable;

        Kind(Reach reach, boolean retryable) {
            this.reach = reach;
            this.retryable = retryable;
        }

        /** Whether sending the same request again may help. */
        boolean retryable() {
            return retryable;
        }

        /** Whether the server, or the way to it, is to blame and not what was asked for. */
        boolean saysServerIsSick() {
            return switch (this) {
                case STALLED, BROKEN, MALFORMED, THROTTLED, SERVER_ERROR -> true;
                default -> false;
            };
        }

        /** Whether every other request of the attempt would fail in the same way. */
        boolean endsAttempt() {
            return reach != Reach.SECTION;
        }
    }

    private enum Reach {
        SECTION,
        ATTEMPT,
        RUN
    }

    private final Kind kind;
    private final @Nullable Duration retryAfter;
    private final @Nullable String continueToken;

    private ApiException(
            Kind kind,
            String message,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter,
            @Nullable String continueToken) {
        super(message, cause);
        this.kind = kind;
        this.retryAfter = retryAfter;
        this.continueToken = continueToken;
    }

    static ApiException of(Kind kind, String message) {
        return new ApiException(kind, message, null, null, null);
    }

    /** @param cause whose message holds nothing that a server said */
    static ApiException of(Kind kind, String message, Throwable cause) {
        return new ApiException(kind, message, cause, null, null);
    }

    /** @param retryAfter what the server asked for; null when it asked for nothing */
    static ApiException retryLater(Kind kind, String message, @Nullable Duration retryAfter) {
        return new ApiException(kind, message, null, retryAfter, null);
    }

    /** @param continueToken with which the list can be continued at a newer state; null when the server gave none */
    static ApiException expired(String message, @Nullable String continueToken) {
        return new ApiException(Kind.EXPIRED, message, null, null, continueToken);
    }

    /** The same failure with a longer explanation. */
    ApiException explained(String addition) {
        return new ApiException(kind, getMessage() + addition, getCause(), retryAfter, continueToken);
    }

    Kind kind() {
        return kind;
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    @Nullable String continueToken() {
        return continueToken;
    }

    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? kind.name() : message;
    }

    /** How the part that was asked for is described in the data. */
    Section toSection() {
        return kind == Kind.FORBIDDEN ? Section.forbidden(getMessage()) : Section.unavailable(getMessage());
    }

    /** The failure of the whole attempt. */
    CollectionFailedException toFailure() {
        return kind.reach == Reach.RUN
                ? CollectionFailedException.lasting(getMessage(), getCause())
                : CollectionFailedException.passing(getMessage(), getCause());
    }
}
