/** What tells others, unasked: the heartbeat that something outside can miss. */
@NullMarked
package org.collectionscheduler.notify;

import org.jspecify.annotations.NullMarked;
