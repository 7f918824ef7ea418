package org.collectionscheduler.run;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One of the processes that share the store.
 *
 * @param id by which runs name it
 * @param version of its build
 * @param lastHeartbeat its last sign of life, by the database's clock; null where it is alone and gives none
 * @param running how many attempts it makes
 * @param draining whether it takes nothing more
 * @param differs what it declares otherwise than is in force; null when it does not
 */
public record InstanceStatus(
        String id,
        String host,
        String version,
        Instant startedAt,
        @Nullable Instant lastHeartbeat,
        int running,
        boolean draining,
        @Nullable String differs) {

    /** Beside whatever else it differs in. */
    public InstanceStatus differsIn(String also) {
        String all = differs == null ? also : differs + "; " + also;
        return new InstanceStatus(id, host, version, startedAt, lastHeartbeat, running, draining, all);
    }
}
