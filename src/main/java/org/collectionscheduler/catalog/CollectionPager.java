package org.collectionscheduler.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.CollectionOrder.Position;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;

/**
 * Finds a part of the list of all collections by where the part before it ended, and not by its number: whatever is
 * added, removed or changed meanwhile, a collection that stays where it is in the order is neither missed nor doubled.
 *
 * <p>In an order that the declarations give, no more is read than the part needs. Any other order is of values that are
 * stored or reckoned, which may change before the next part is asked for: what is stored of all collections is read for
 * each part, and that takes its time, the same for every part.
 */
final class CollectionPager {

    private static final int LARGEST_CHUNK = 2000;

    private final CollectionStatuses statuses;
    private final NavigableMap<String, Catalog.Entry> entries;

    CollectionPager(CollectionStatuses statuses, NavigableMap<String, Catalog.Entry> entries) {
        this.statuses = statuses;
        this.entries = entries;
    }

    CollectionPage page(CollectionFilter filter, CollectionOrder order, @Nullable Position after, int limit) {
        // One more says whether something follows.
        Iterator<Catalog.Entry> declared = declared(filter, order, after);
        List<CollectionStatus> found =
                declared == null ? sorted(filter, order, after, limit + 1) : accepted(filter, declared, limit + 1);
        boolean more = found.size() > limit;
        List<CollectionStatus> page = List.copyOf(found.subList(0, Math.min(limit, found.size())));
        return new CollectionPage(page, more ? order.position(page.get(limit - 1)) : null);
    }

    /** What follows in this order, by the declarations alone; null when they do not tell. */
    private @Nullable Iterator<Catalog.Entry> declared(
            CollectionFilter filter, CollectionOrder order, @Nullable Position after) {
        Function<Definition, Position> position = order.declared();
        if (position == null) {
            return null;
        }
        if (order.isByName()) {
            NavigableMap<String, Catalog.Entry> ordered = order.descending() ? entries.descendingMap() : entries;
            NavigableMap<String, Catalog.Entry> rest =
                    after == null ? ordered : ordered.tailMap(Names.canonical(after.name()), false);
            return wanted(rest, filter).iterator();
        }
        Stream<Placed<Catalog.Entry>> placed =
                wanted(entries, filter).map(entry -> new Placed<>(position.apply(entry.definition()), entry));
        return inOrder(placed, order, after).map(Placed::value).iterator();
    }

    private static Stream<Catalog.Entry> wanted(NavigableMap<String, Catalog.Entry> entries, CollectionFilter filter) {
        return entries.values().stream().filter(entry -> filter.accepts(entry.definition()));
    }

    private List<CollectionStatus> accepted(CollectionFilter filter, Iterator<Catalog.Entry> walk, int wanted) {
        List<CollectionStatus> found = new ArrayList<>();
        int size = wanted;
        while (walk.hasNext() && found.size() < wanted) {
            statuses.of(next(walk, size)).stream().filter(filter::accepts).forEach(found::add);
            // Of the few that a filter accepts, many must be read.
            size = Math.min(2 * size, LARGEST_CHUNK);
        }
        return found;
    }

    private List<CollectionStatus> sorted(
            CollectionFilter filter, CollectionOrder order, @Nullable Position after, int wanted) {
        Iterator<Catalog.Entry> walk = wanted(entries, filter).iterator();
        List<Placed<CollectionStatus>> found = List.of();
        while (walk.hasNext()) {
            Stream<Placed<CollectionStatus>> placed = statuses.of(next(walk, LARGEST_CHUNK)).stream()
                    .filter(filter::accepts)
                    .map(status -> new Placed<>(order.position(status), status));
            // No more is held than is wanted: the statuses of all would take more memory than the service itself.
            found = inOrder(Stream.concat(found.stream(), placed), order, after)
                    .limit(wanted)
                    .toList();
        }
        return found.stream().map(Placed::value).toList();
    }

    private static List<Catalog.Entry> next(Iterator<Catalog.Entry> walk, int size) {
        List<Catalog.Entry> chunk = new ArrayList<>();
        while (walk.hasNext() && chunk.size() < size) {
            chunk.add(walk.next());
        }
        return chunk;
    }

    private record Placed<T>(Position position, T value) {}

    private static <T> Stream<Placed<T>> inOrder(
            Stream<Placed<T>> all, CollectionOrder order, @Nullable Position after) {
        Comparator<Position> comparator = order.comparator();
        return all.filter(placed -> after == null || comparator.compare(placed.position(), after) > 0)
                .sorted(Comparator.comparing(Placed::position, comparator));
    }
}
