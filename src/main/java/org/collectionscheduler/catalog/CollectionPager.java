package org.collectionscheduler.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import org.collectionscheduler.catalog.CollectionOrder.Position;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;

/**
 * Finds a part of the list of all collections by where the part before it ended, and not by its number: whatever is
 * added, removed or changed meanwhile, a collection that stays where it is in the order is neither missed nor doubled.
 *
 * <p>By name no more is read than the part needs, so that every part costs the same. Any other order is of values that
 * are read or reckoned, so all collections are looked at for each part.
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
        List<CollectionStatus> found =
                order.isByName() ? byName(filter, order, after, limit + 1) : sorted(filter, order, after, limit + 1);
        boolean more = found.size() > limit;
        List<CollectionStatus> page = List.copyOf(found.subList(0, Math.min(limit, found.size())));
        return new CollectionPage(page, more ? order.position(page.get(limit - 1)) : null);
    }

    private List<CollectionStatus> byName(
            CollectionFilter filter, CollectionOrder order, @Nullable Position after, int wanted) {
        NavigableMap<String, Catalog.Entry> ordered = order.descending() ? entries.descendingMap() : entries;
        NavigableMap<String, Catalog.Entry> rest =
                after == null ? ordered : ordered.tailMap(Names.canonical(after.name()), false);
        Iterator<Catalog.Entry> walk = rest.values().stream()
                .filter(entry -> filter.accepts(entry.definition()))
                .iterator();
        List<CollectionStatus> found = new ArrayList<>();
        int size = wanted;
        while (walk.hasNext() && found.size() < wanted) {
            List<Catalog.Entry> chunk = new ArrayList<>();
            while (walk.hasNext() && chunk.size() < size) {
                chunk.add(walk.next());
            }
            statuses.of(chunk).stream().filter(filter::accepts).forEach(found::add);
            // Of the few that a filter accepts, many must be read.
            size = Math.min(2 * size, LARGEST_CHUNK);
        }
        return found;
    }

    private List<CollectionStatus> sorted(
            CollectionFilter filter, CollectionOrder order, @Nullable Position after, int wanted) {
        record Placed(Position position, CollectionStatus status) {}
        Comparator<Position> comparator = order.comparator();
        List<Catalog.Entry> declared = entries.values().stream()
                .filter(entry -> filter.accepts(entry.definition()))
                .toList();
        return statuses.of(declared).stream()
                .filter(filter::accepts)
                .map(status -> new Placed(order.position(status), status))
                .filter(placed -> after == null || comparator.compare(placed.position(), after) > 0)
                .sorted(Comparator.comparing(Placed::position, comparator))
                .limit(wanted)
                .map(Placed::status)
                .toList();
    }
}
