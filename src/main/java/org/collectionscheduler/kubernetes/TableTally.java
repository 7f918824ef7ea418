package org.collectionscheduler.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tally that can do with what the columns of a table show. */
interface TableTally<T extends TableTally<T>> extends Tally<T> {

    /** Names of the columns wanted, as the API server writes them. */
    List<String> columns();

    /**
     * Takes one row.
     *
     * @param cells in the order of {@link #columns()}; null where one is empty or no text
     */
    void row(List<@Nullable String> cells) throws MalformedBodyException;
}
