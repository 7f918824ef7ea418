/** The package map and the rules of the build, each proved against a planted violation. */
@NullMarked
package org.collectionscheduler.architecture;

import org.jspecify.annotations.NullMarked;
