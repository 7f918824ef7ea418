@NullMarked
package org.collectionscheduler.actuate;

import org.jspecify.annotations.NullMarked;
