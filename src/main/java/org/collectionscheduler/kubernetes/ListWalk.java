package org.collectionscheduler.kubernetes;

import java.util.function.Supplier;
import org.collectionscheduler.kubernetes.ApiException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one list, page by page. Where the list expires meanwhile (410), or a server does not take a token with
 * another limit (400), it is read again from the start once; when it expires again, the rest is read from a newer state,
 * and the result says so.
 */
final class ListWalk<T extends Tally<T>> {

    /** A server may send an empty page that is not the last one, but it does not go on doing so. */
    private static final int MAX_EMPTY_PAGES_IN_A_ROW = 10;

    private final ApiSession session;
    private final ListQuery query;
    private final Supplier<T> tallies;
    private T tally;
    private int pages;
    private long items;
    private int emptyPages;
    private @Nullable Long claimedTotal;
    private @Nullable String resourceVersion;
    private @Nullable String token;
    private boolean restarted;
    private boolean inconsistent;
    private boolean ended;

    /** @param tallies makes empty tallies */
    ListWalk(ApiSession session, ListQuery query, Supplier<T> tallies) {
        this.session = session;
        this.query = query;
        this.tallies = tallies;
        this.tally = tallies.get();
    }

    /** Reads the next page, of so many objects at most, or learns from where to go on. */
    void next(int limit) throws ApiException {
        if (pages++ >= session.pages().maxPages()) {
            throw broken("has not ended after " + session.pages().maxPages() + " pages");
        }
        ApiRequest request = query.page(limit, token);
        try {
            take(session.get(request, body -> Page.read(body, query, tallies.get())));
        } catch (ApiException e) {
            resumeAfter(e);
        }
    }

    /**
     * Reads what is left.
     *
     * @return without a tally when the reading breaks off after a page that said how many objects there are
     * @throws ApiException when it breaks off and nothing is known, or it must be asked for in another form
     */
    Listing<T> finish() throws ApiException {
        try {
            while (!ended) {
                next(session.pages().pageSize());
            }
        } catch (ApiException e) {
            Listing<T> claimed = claimed();
            if (claimed == null || e.kind().endsAttempt() || e.kind() == Kind.UNSUITABLE) {
                throw e;
            }
            return claimed.onlyTotal(e);
        }
        return whole();
    }

    /** What the first page says of the whole; null until it is read, and when it is the last or does not say. */
    @Nullable Listing<T> claimed() {
        return claimedTotal == null
                ? null
                : Listing.of(tally, claimedTotal, CountMethod.REMAINING_ITEM_COUNT, resourceVersion);
    }

    /** The total of the first page is that of one state, and so the better one when the pages are of several. */
    private Listing<T> whole() {
        if (!inconsistent) {
            return Listing.of(tally, items, CountMethod.EXACT, resourceVersion);
        }
        String caveat = "continued at a newer state after the list expired (410): what changed meanwhile may be missing"
                + " or counted twice";
        return claimedTotal == null
                ? Listing.of(tally, items, CountMethod.INCONSISTENT, resourceVersion)
                        .inconsistent(caveat)
                : Listing.of(tally, claimedTotal, CountMethod.INCONSISTENT, resourceVersion)
                        .inconsistent(caveat + ", except in the total");
    }

    private void take(Page<T> page) throws ApiException {
        String next = page.continueToken();
        Long remaining = page.remaining();
        if (token == null) {
            resourceVersion = page.resourceVersion();
            claimedTotal = next == null || remaining == null ? null : Long.valueOf(page.items() + remaining);
        }
        tally.add(page.tally());
        items += page.items();
        emptyPages = page.items() == 0 ? emptyPages + 1 : 0;
        if (next != null && next.equals(token)) {
            throw broken("names the same next page twice");
        }
        if (next != null && emptyPages > MAX_EMPTY_PAGES_IN_A_ROW) {
            throw broken("goes on with empty pages");
        }
        token = next;
        ended = next == null;
    }

    private void resumeAfter(ApiException failure) throws ApiException {
        boolean tokenRefused = failure.kind() == Kind.EXPIRED || failure.kind() == Kind.BAD_REQUEST;
        if (!tokenRefused || token == null) {
            throw failure;
        }
        String newer = failure.continueToken();
        if (!restarted) {
            restarted = true;
            pages = 0;
            token = null;
            tally = tallies.get();
            items = 0;
            emptyPages = 0;
        } else if (newer != null && !newer.equals(token)) {
            inconsistent = true;
            token = newer;
        } else {
            throw failure;
        }
    }

    private ApiException broken(String how) {
        return ApiException.of(
                Kind.MALFORMED,
                "the list of " + query.kind().resource() + " " + how
                        + "; look at the API server and at any proxy before it");
    }
}
