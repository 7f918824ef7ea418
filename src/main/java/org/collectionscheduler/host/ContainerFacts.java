package org.collectionscheduler.host;

import org.jspecify.annotations.Nullable;

/**
 * What part of the machine the service may use.
 *
 * @param inContainer whether the service runs in a container; null where that cannot be told (not Linux)
 * @param cgroupVersion 1 or 2, of the hierarchy that limits memory; null when there is none
 * @param memoryLimitBytes the lowest limit from the service's group up to the topmost visible one; null for no limit
 * @param cpuQuotaCores the lowest quota likewise, in processors, such as 1.5; null for no quota
 */
record ContainerFacts(
        @Nullable Boolean inContainer,
        @Nullable Integer cgroupVersion,
        @Nullable Long memoryLimitBytes,
        @Nullable Double cpuQuotaCores) {}
