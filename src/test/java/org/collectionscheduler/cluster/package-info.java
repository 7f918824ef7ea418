/**
 * Several instances on one PostgreSQL, both of them real processes, hurt in every way that a seed chooses; and what must
 * hold of the history that the collectors wrote and of what was stored, whatever was done.
 */
@NullMarked
package org.collectionscheduler.cluster;

import org.jspecify.annotations.NullMarked;
