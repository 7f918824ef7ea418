/** The collections that exist: read from the configuration, registered, started and stopped with the service, and shown. */
@NullMarked
package org.collectionscheduler.catalog;

import org.jspecify.annotations.NullMarked;
