package org.collectionscheduler.dispatch.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.run.ConfigurationDifference;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;

/** What all instances see of each other. */
final class ClusterInstances implements Instances {

    private final InstanceTable table;
    private final CodeDeclarationTable code;
    private final Membership membership;
    private final Notifications notifications;

    ClusterInstances(
            InstanceTable table, CodeDeclarationTable code, Membership membership, Notifications notifications) {
        this.table = table;
        this.code = code;
        this.membership = membership;
        this.notifications = notifications;
    }

    @Override
    public List<InstanceStatus> list() {
        return InstanceTable.told(() -> {
            Map<String, List<String>> byCode = code.differing();
            return table.list().stream()
                    .map(instance -> byCode.containsKey(instance.id())
                            ? instance.differsIn("by code, "
                                    + new ConfigurationDifference(List.of(), byCode.get(instance.id()), List.of())
                                            .text())
                            : instance)
                    .toList();
        });
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
