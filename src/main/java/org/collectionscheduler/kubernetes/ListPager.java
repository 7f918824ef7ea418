package org.collectionscheduler.kubernetes;

import java.util.function.Supplier;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;

/** Reads whole lists, page by page. */
final class ListPager {

    /** A server may send an empty page that is not the last one, but it does not go on doing so. */
    private static final int MAX_EMPTY_PAGES_IN_A_ROW = 10;

    private final ApiSession session;

    ListPager(ApiSession session) {
        this.session = session;
    }

    /**
     * Reads a list to its end. Where it expires meanwhile (410) it is read again from the start once; when it expires
     * again, the rest is read from a newer state, and the result says so.
     *
     * @param tallies makes empty tallies
     */
    <T extends Tally<T>> Listing<T> read(ResourceKind kind, Supplier<T> tallies) throws ApiException {
        Walk<T> walk = new Walk<>(kind, tallies);
        for (int pages = 0; pages < session.pages().maxPages(); pages++) {
            ApiRequest request = ApiRequest.page(kind, session.pages().pageSize(), walk.token);
            try {
                walk.take(session.get(request, body -> Page.read(body, kind, tallies.get())));
            } catch (ApiException e) {
                walk.resumeAfter(e);
            }
            if (walk.ended) {
                return walk.listing();
            }
        }
        throw walk.broken("has not ended after " + session.pages().maxPages() + " pages");
    }

    /** How far the reading of one list has come. */
    private static final class Walk<T extends Tally<T>> {

        private final ResourceKind kind;
        private final Supplier<T> tallies;
        private T tally;
        private long total;
        private int emptyPages;
        private @Nullable String resourceVersion;
        private @Nullable String token;
        private boolean restarted;
        private boolean inconsistent;
        private boolean ended;

        private Walk(ResourceKind kind, Supplier<T> tallies) {
            this.kind = kind;
            this.tallies = tallies;
            this.tally = tallies.get();
        }

        void take(Page<T> page) throws ApiException {
            if (token == null) {
                resourceVersion = page.resourceVersion();
            }
            tally.add(page.tally());
            total += page.items();
            emptyPages = page.items() == 0 ? emptyPages + 1 : 0;
            String next = page.continueToken();
            if (next != null && next.equals(token)) {
                throw broken("names the same next page twice");
            }
            if (next != null && emptyPages > MAX_EMPTY_PAGES_IN_A_ROW) {
                throw broken("goes on with empty pages");
            }
            token = next;
            ended = next == null;
        }

        void resumeAfter(ApiException failure) throws ApiException {
            if (failure.kind() != Kind.EXPIRED || token == null) {
                throw failure;
            }
            String newer = failure.continueToken();
            if (!restarted) {
                restarted = true;
                token = null;
                tally = tallies.get();
                total = 0;
                emptyPages = 0;
            } else if (newer != null && !newer.equals(token)) {
                inconsistent = true;
                token = newer;
            } else {
                throw failure;
            }
        }

        Listing<T> listing() {
            return new Listing<>(tally, total, resourceVersion, inconsistent);
        }

        ApiException broken(String how) {
            return ApiException.of(
                    Kind.MALFORMED,
                    "the list of " + kind.resource() + " " + how
                            + ", so its number is not known; look at the API server and at any proxy before it");
        }
    }
}
