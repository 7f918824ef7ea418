package org.collectionscheduler.run;

import org.jspecify.annotations.Nullable;

/**
 * A row of a list.
 *
 * @param value what it says; null when it cannot be read
 */
record ListedRow<T>(RowPosition position, @Nullable T value) {}
