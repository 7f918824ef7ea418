package org.collectionscheduler.kubernetes;

import java.util.Map;

/** A request that is not served, with what is answered instead. */
final class FakeRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient FakeAnswer answer;

    private FakeRefusal(FakeAnswer answer) {
        super(null, null, false, false);
        this.answer = answer;
    }

    FakeAnswer answer() {
        return answer;
    }

    static FakeRefusal badRequest(String message) {
        return new FakeRefusal(FakeAnswer.status(400, "BadRequest", message));
    }

    /** Options of a list that contradict each other: the server calls them invalid, not bad. */
    static FakeRefusal invalidOptions(String message) {
        return new FakeRefusal(FakeAnswer.status(
                422,
                "Invalid",
                "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: " + message));
    }

    static FakeRefusal notFound(FakeKind kind, String name) {
        String group = kind.group().isEmpty() ? "" : "." + kind.group();
        return new FakeRefusal(
                FakeAnswer.status(404, "NotFound", kind.plural() + group + " \"" + name + "\" not found"));
    }

    static FakeRefusal notAcceptable(String message) {
        return new FakeRefusal(FakeAnswer.status(406, "NotAcceptable", message));
    }

    static FakeRefusal versionExpired() {
        return new FakeRefusal(
                FakeAnswer.status(410, "Expired", "The resourceVersion for the provided list is too old."));
    }

    /** @param newer with which the rest of the list can be read as it is now */
    static FakeRefusal tokenExpired(String newer) {
        return new FakeRefusal(FakeAnswer.status(
                410,
                "Expired",
                "The provided continue parameter is too old to display a consistent list result. You can start a new"
                        + " list without the continue parameter, or use the continue token in this response to retrieve"
                        + " the remainder of the results. Continuing with the provided token results in an inconsistent"
                        + " list - objects that were created, modified, or deleted between the time the first chunk was"
                        + " returned and now may show up in the list.",
                Map.of("continue", newer)));
    }

    static FakeRefusal versionTooLarge(long asked, long current) {
        FakeAnswer answer =
                FakeAnswer.status(504, "Timeout", "Too large resource version: " + asked + ", current: " + current);
        return new FakeRefusal(
                new FakeAnswer(504, Map.of("Content-Type", "application/json", "Retry-After", "1"), answer.body()));
    }
}
