/** What is written down is what exists. */
@NullMarked
package org.collectionscheduler.documentation;

import org.jspecify.annotations.NullMarked;
