/** The program: a service that runs data collections on schedule, and its one-shot commands. */
@NullMarked
package org.collectionscheduler;

import org.jspecify.annotations.NullMarked;
