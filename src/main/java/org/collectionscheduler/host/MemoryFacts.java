package org.collectionscheduler.host;

import oshi.hardware.GlobalMemory;
import oshi.hardware.VirtualMemory;

/**
 * The memory of the machine, whatever part of it this process may use.
 *
 * @param totalBytes what the kernel manages, a little less than what is built in
 * @param availableBytes what programs could get without swapping
 * @param swapTotalBytes 0 when there is no swap
 * @param swapUsedBytes at most {@code swapTotalBytes}
 */
record MemoryFacts(long totalBytes, long availableBytes, long swapTotalBytes, long swapUsedBytes) {

    static MemoryFacts read(Machine machine) {
        GlobalMemory memory = machine.facts().getHardware().getMemory();
        VirtualMemory virtual = memory.getVirtualMemory();
        return new MemoryFacts(memory.getTotal(), memory.getAvailable(), virtual.getSwapTotal(), virtual.getSwapUsed());
    }
}
