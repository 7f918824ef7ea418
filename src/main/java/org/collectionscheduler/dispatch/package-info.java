/** What wakes collections when they are due and keeps two processes from serving one: the port, and what every adapter needs. */
@NullMarked
package org.collectionscheduler.dispatch;

import org.jspecify.annotations.NullMarked;
