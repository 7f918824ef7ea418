/**
 * Collectors for the machine that the service runs on; each fact is read by a probe of its own, because any of them may
 * hang in the kernel (a dead network mount) and must then cost one section, not the run.
 */
@NullMarked
package org.collectionscheduler.host;

import org.jspecify.annotations.NullMarked;
