package org.collectionscheduler.run;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, newest first.
 *
 * @param unreadable ids of the rows of this part that cannot be read
 * @param last where this part ends; null when nothing follows
 */
public record HistoryPage<T>(
        List<T> rows, List<String> unreadable, @Nullable RowPosition last) {

    /** Whether there is no row, not even one that cannot be read. */
    public boolean isEmpty() {
        return rows.isEmpty() && unreadable.isEmpty();
    }

    /** @param listed one more than {@code limit} when something follows */
    static <T> HistoryPage<T> of(List<ListedRow<T>> listed, int limit) {
        List<ListedRow<T>> page = listed.subList(0, Math.min(limit, listed.size()));
        return new HistoryPage<>(
                page.stream().map(ListedRow::value).filter(Objects::nonNull).toList(),
                page.stream()
                        .filter(row -> row.value() == null)
                        .map(row -> row.position().id())
                        .toList(),
                listed.size() > limit ? page.get(limit - 1).position() : null);
    }
}
