/**
 * Collectors that look at a Kubernetes cluster: configuration and authentication by fabric8, lists read as streams by
 * our own few classes, because typed lists hold a whole cluster in memory.
 */
@NullMarked
package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.NullMarked;
