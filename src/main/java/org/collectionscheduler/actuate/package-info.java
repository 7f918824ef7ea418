/** What operators watch: the collections endpoint, health and metrics. Reads only. */
@NullMarked
package org.collectionscheduler.actuate;

import org.jspecify.annotations.NullMarked;
