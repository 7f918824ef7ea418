package org.collectionscheduler.kubernetes;

import java.util.function.Supplier;

/** Reads lists: to their end, or only as far as it takes to know how many objects they hold. */
final class ListPager {

    private final ApiSession session;

    ListPager(ApiSession session) {
        this.session = session;
    }

    /**
     * Reads a list to its end, page by page.
     *
     * @param tallies makes empty tallies
     */
    <T extends Tally<T>> Listing<T> read(ListQuery query, Supplier<T> tallies) throws ApiException {
        ListWalk<T> walk = new ListWalk<>(session, query, tallies);
        walk.next(session.pages().pageSize());
        return walk.finish();
    }

    /** Reads tables to their end; whole objects where the server has no table that will do. */
    <T extends TableTally<T>> Listing<T> readTable(ResourceKind kind, Supplier<T> tallies) throws ApiException {
        try {
            return read(ListQuery.of(kind, ListForm.TABLE), tallies);
        } catch (ApiException e) {
            if (e.kind() != ApiException.Kind.UNSUITABLE) {
                throw e;
            }
            return read(ListQuery.of(kind, ListForm.WHOLE), tallies);
        }
    }

    /** Asks for one object and how many there are besides; a server that does not say is read to the end. */
    Listing<NoTally> count(ListQuery query) throws ApiException {
        ListWalk<NoTally> walk = new ListWalk<>(session, query, NoTally::new);
        walk.next(1);
        Listing<NoTally> claimed = walk.claimed();
        return claimed == null ? walk.finish() : claimed;
    }
}
