/**
 * Runs and their attempts: claiming, executing, retrying, finishing and remembering them, the same under every
 * dispatcher.
 */
@NullMarked
package org.collectionscheduler.run;

import org.jspecify.annotations.NullMarked;
