/** The whole program from outside: child processes that are really started, stopped and killed, and collectors that misbehave. */
@NullMarked
package org.collectionscheduler.scenario;

import org.jspecify.annotations.NullMarked;
