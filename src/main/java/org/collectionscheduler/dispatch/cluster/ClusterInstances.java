package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.util.List;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;

/** What all instances see of each other. */
final class ClusterInstances implements Instances {

    private final InstanceTable table;
    private final Membership membership;
    private final Notifications notifications;

    ClusterInstances(InstanceTable table, Membership membership, Notifications notifications) {
        this.table = table;
        this.membership = membership;
        this.notifications = notifications;
    }

    @Override
    public List<InstanceStatus> list() {
        return InstanceTable.told(table::list);
    }

    @Override
    public boolean drain(String id) {
        boolean told = InstanceTable.told(() -> table.drain(id));
        if (told) {
            notifications.tellInstances();
        }
        return told;
    }

    @Override
    public Duration clockDifference() {
        return membership.clockDifference();
    }
}
