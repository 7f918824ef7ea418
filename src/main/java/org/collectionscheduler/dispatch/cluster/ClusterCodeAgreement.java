package org.collectionscheduler.dispatch.cluster;

import java.util.List;
import java.util.Map;
import org.collectionscheduler.run.CodeAgreement;

/** Compares what code of the live instances declares. */
final class ClusterCodeAgreement implements CodeAgreement {

    private final CodeDeclarationTable table;
    private final Membership membership;

    ClusterCodeAgreement(CodeDeclarationTable table, Membership membership) {
        this.table = table;
        this.membership = membership;
    }

    @Override
    public boolean declare(String collection, String declaration) {
        return InstanceTable.told(() -> {
            membership.join();
            return table.declare(membership.me(), collection, declaration);
        });
    }

    @Override
    public void undeclare(String collection) {
        InstanceTable.told(() -> {
            table.undeclare(membership.me(), collection);
            return true;
        });
    }

    @Override
    public Map<String, Declared> declared() {
        return InstanceTable.told(() -> table.declaredBy(membership.me()));
    }

    @Override
    public List<String> declaredByOthers() {
        return InstanceTable.told(() -> table.declaredByOthers(membership.me()));
    }
}
