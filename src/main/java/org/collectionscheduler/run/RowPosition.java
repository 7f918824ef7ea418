package org.collectionscheduler.run;

import java.time.Instant;

/**
 * Where a row stands in a list that is ordered by these two.
 *
 * @param at when it was created
 */
public record RowPosition(Instant at, String id) {}
