package org.collectionscheduler.kubernetes;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Cuts lists into pages the way the API server does, with tokens that nobody but it can read. */
final class FakeLists {

    private final FakeObjects objects;
    private final FakeVersions versions;
    private final AtomicInteger endless = new AtomicInteger();

    FakeLists(FakeObjects objects, FakeVersions versions) {
        this.objects = objects;
        this.versions = versions;
    }

    /** @param namespace null for all */
    FakePage page(FakeKind kind, @Nullable String namespace, FakeListOptions options) throws FakeRefusal {
        long version = version(options);
        FakeObjects.Range range = objects.range(kind, namespace);
        FakeToken token = options.token();
        int from = token == null ? range.from() : objects.firstNotBefore(token.start(), kind, range, namespace);
        int limit = options.whole() ? Integer.MAX_VALUE : options.limit();
        Selection selection = select(kind, new FakeObjects.Range(from, range.to()), version, limit, options.selector());
        FakeObjects.Range rest = new FakeObjects.Range(selection.end(), range.to());
        int remaining = objects.count(kind, rest, version);
        if (remaining == 0) {
            return new FakePage(kind, selection.indexes(), version, null, null);
        }
        String last = FakeObjects.key(objects.object(kind, selection.end() - 1), namespace);
        boolean counted =
                options.selector().selectsAll() && !objects.cluster().has(FakeCluster.Trait.NO_REMAINING_ITEM_COUNT);
        return new FakePage(
                kind,
                selection.indexes(),
                version,
                FakeToken.after(last, version).encode(),
                counted ? Integer.toString(remaining) : null);
    }

    /** A page of a list that does not end; null when the misbehaviour is another one. */
    @Nullable FakePage endless(FakeKind kind, Misbehaviour misbehaviour, int limit) {
        return switch (misbehaviour.type()) {
            case ENDLESS ->
                endless(
                        kind,
                        (int) Math.max(1, Math.min(limit, misbehaviour.amount())),
                        "endless-" + endless.incrementAndGet());
            case ENDLESS_EMPTY -> endless(kind, 0, "endless-" + endless.incrementAndGet());
            case SAME_TOKEN -> endless(kind, 1, "same");
            default -> null;
        };
    }

    private FakePage endless(FakeKind kind, int items, String token) {
        int[] indexes = new int[items];
        Arrays.setAll(indexes, i -> i % Math.max(1, objects.cluster().count(kind)));
        return new FakePage(kind, indexes, versions.next(), token, null);
    }

    /** The version whose state is shown. */
    private long version(FakeListOptions options) throws FakeRefusal {
        long now = versions.next();
        FakeToken token = options.token();
        if (token != null) {
            if (token.version() > 0 && versions.forgotten(token.version())) {
                throw FakeRefusal.tokenExpired(token.newest().encode());
            }
            return token.version() > 0 ? token.version() : now;
        }
        Long asked = options.version();
        if (asked != null && asked > now) {
            throw FakeRefusal.versionTooLarge(asked, now);
        }
        if (asked == null || !options.exact()) {
            return now;
        }
        if (versions.forgotten(asked)) {
            throw FakeRefusal.versionExpired();
        }
        return asked;
    }

    /** @param end behind the last object that was looked at */
    @SuppressWarnings("ArrayRecordComponent")
    private record Selection(int[] indexes, int end) {}

    private Selection select(FakeKind kind, FakeObjects.Range range, long version, int limit, FakeSelector selector) {
        boolean churns = objects.cluster().churn() != null;
        int[] indexes = new int[Math.min(range.to() - range.from(), limit)];
        int count = 0;
        int i = range.from();
        for (; i < range.to() && count < limit; i++) {
            if ((!churns || objects.lifetime(kind, i).covers(version))
                    && (selector.selectsAll() || selector.selects(objects.object(kind, i)))) {
                indexes[count++] = i;
            }
        }
        return new Selection(Arrays.copyOf(indexes, count), i);
    }
}
