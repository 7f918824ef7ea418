/**
 * What somebody who gathers data implements and is given; depends on nothing of the product, so that a family of
 * collectors can be added or deleted as one folder.
 */
@NullMarked
package org.collectionscheduler.collector;

import org.jspecify.annotations.NullMarked;
