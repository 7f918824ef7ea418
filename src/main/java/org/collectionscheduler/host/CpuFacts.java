package org.collectionscheduler.host;

import org.jspecify.annotations.Nullable;
import oshi.hardware.CentralProcessor;

/**
 * The processors of the machine, whatever part of them this process may use.
 *
 * @param model name given by the maker; null when unknown
 * @param vendor null when unknown
 * @param sockets packages
 * @param cores physical cores of all packages
 * @param threads logical processors that are online
 */
record CpuFacts(@Nullable String model, @Nullable String vendor, int sockets, int cores, int threads) {

    static CpuFacts read(Machine machine) {
        CentralProcessor processor = machine.facts().getHardware().getProcessor();
        CentralProcessor.ProcessorIdentifier identifier = processor.getProcessorIdentifier();
        return new CpuFacts(
                OperatingSystemFacts.known(identifier.getName()),
                OperatingSystemFacts.known(identifier.getVendor()),
                processor.getPhysicalPackageCount(),
                processor.getPhysicalProcessorCount(),
                processor.getLogicalProcessorCount());
    }
}
