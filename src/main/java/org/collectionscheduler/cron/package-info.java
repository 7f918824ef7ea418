/**
 * Reads cron expressions.
 *
 * <p>The fields are understood by Spring's parser, on local date-times and one at a time. What they mean together is said
 * here, for Spring wants both day fields where Unix wants either; and what instants they mean is said in schedule.
 */
@NullMarked
package org.collectionscheduler.cron;

import org.jspecify.annotations.NullMarked;
