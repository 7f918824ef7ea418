package org.collectionscheduler.dispatch.cluster;

import java.util.List;
import org.collectionscheduler.run.Agreement;
import org.collectionscheduler.run.CodeAgreement;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Compares what the live instances declare. */
final class ClusterAgreement implements Agreement {

    private final InstanceTable table;
    private final CodeAgreement byCode;
    private final Membership membership;
    private final Notifications notifications;

    ClusterAgreement(InstanceTable table, CodeAgreement byCode, Membership membership, Notifications notifications) {
        this.table = table;
        this.byCode = byCode;
        this.membership = membership;
        this.notifications = notifications;
    }

    @Override
    public boolean declare(String configuration) {
        return InstanceTable.told(() -> {
            membership.declares(configuration);
            membership.join();
            return table.declare(membership.me(), configuration);
        });
    }

    @Override
    public boolean putInForce(JdbcClient jdbc, String configuration) {
        return InstanceTable.putInForce(jdbc, configuration);
    }

    @Override
    public void isInForce(String configuration) {
        InstanceTable.told(() -> {
            table.isInForce(membership.me(), configuration);
            notifications.tellInstances();
            return true;
        });
    }

    @Override
    public void differs(String difference) {
        InstanceTable.told(() -> {
            table.differs(membership.me(), difference);
            return true;
        });
    }

    @Override
    public List<String> others(String configuration) {
        return InstanceTable.told(() -> table.declareOtherwise(configuration));
    }

    @Override
    public boolean seemsToHold() {
        return membership.seemsInForce();
    }

    @Override
    public boolean holds(String configuration) {
        return membership.isDeclared(configuration)
                && InstanceTable.told(() -> table.inForce().equals(configuration));
    }

    @Override
    public CodeAgreement byCode() {
        return byCode;
    }

    @Override
    public String heardInForce() {
        return membership.heardInForce();
    }

    @Override
    public void whenItMayHaveChanged(Runnable look) {
        membership.whenRenewed(look);
    }
}
