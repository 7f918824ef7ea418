/**
 * The dispatcher of one process among several that share a PostgreSQL: db-scheduler's table says when each collection is
 * woken next, and has it woken in one place.
 *
 * <p>A waking is short: it decides, claims, and hands the attempt to a thread of its own, so the engine's lock on a row
 * lasts for milliseconds, whatever the collector does. What lasts is in our own tables: the run with its attempt's number,
 * which is the fence, and the instance that makes it, whose lease is renewed as long as it lives. The engine's row may be
 * lost, repeated or late; nothing but a delay comes of that, for whoever wakes a collection reads what is stored.
 */
@NullMarked
package org.collectionscheduler.dispatch.cluster;

import org.jspecify.annotations.NullMarked;
