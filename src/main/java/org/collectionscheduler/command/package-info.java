/**
 * The collector that runs a program of the machine; uses the SPI alone.
 *
 * <p>The program writes to files that have no name any more and not to pipes: a grandchild that keeps a pipe open would
 * hold a reading thread for ever, and what it goes on writing after its parent's end would be read into the heap.
 */
@NullMarked
package org.collectionscheduler.command;

import org.jspecify.annotations.NullMarked;
