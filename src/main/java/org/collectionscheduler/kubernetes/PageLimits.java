package org.collectionscheduler.kubernetes;

/**
 * What bounds one list.
 *
 * @param pageSize how many objects are asked for at once
 * @param maxPages after how many pages a list is taken to be endless
 */
record PageLimits(int pageSize, int maxPages) {

    /** Half a million objects: several times what a cluster is known to hold of one kind. */
    static final PageLimits DEFAULTS = new PageLimits(500, 1_000);

    PageLimits {
        if (pageSize < 1 || maxPages < 1) {
            throw new IllegalArgumentException(
                    "pageSize " + pageSize + " and maxPages " + maxPages + " must be positive");
        }
    }
}
