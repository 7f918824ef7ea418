/**
 * Reads the configuration under {@code scheduler}, and refuses it with every mistake named at once.
 *
 * <p>Boot's own binding stops at the first mistake and ignores unknown keys; an operator wants the whole list before
 * anything is scheduled. Each package declares a record of its own keys, so no class holds them all.
 */
@NullMarked
package org.collectionscheduler.settings;

import org.jspecify.annotations.NullMarked;
