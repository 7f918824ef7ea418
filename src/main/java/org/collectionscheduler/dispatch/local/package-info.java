/**
 * The dispatcher of a single process: Spring's scheduling keeps the time, the store's lock keeps other processes out.
 *
 * <p>The {@code ThreadPoolTaskScheduler} is declared here and only keeps time: the one that Boot would choose under
 * virtual threads treats a handed-over trigger task as done and lets a collection overlap itself.
 */
@NullMarked
package org.collectionscheduler.dispatch.local;

import org.jspecify.annotations.NullMarked;
