/**
 * When a collection runs: schedules as pure values, and one pure function that decides what to do now. No clock, no
 * input or output, nothing but the JDK.
 */
@NullMarked
package org.collectionscheduler.schedule;

import org.jspecify.annotations.NullMarked;
