package org.collectionscheduler.catalog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of collections.
 *
 * @param last where this part ends; null when nothing follows
 */
public record CollectionPage(
        List<CollectionStatus> collections, CollectionOrder.@Nullable Position last) {}
