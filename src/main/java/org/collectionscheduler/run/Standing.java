package org.collectionscheduler.run;

import java.util.List;
import org.collectionscheduler.schedule.Progress;
import org.jspecify.annotations.Nullable;

/**
 * All that is stored of a collection, and how far it has come, as decisions see it.
 *
 * @param active its unfinished runs, oldest first
 * @param last the run that finished last, skipped ones aside; null before the first, and when its row cannot be read
 */
public record Standing(
        CollectionRecord record,
        Progress progress,
        List<Run> active,
        @Nullable Run last) {}
