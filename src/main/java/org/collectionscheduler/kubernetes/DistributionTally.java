package org.collectionscheduler.kubernetes;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster runs. The API server's version decides where its suffix belongs to one distribution, for it speaks for
 * the whole cluster (nodes of a virtual cluster are those of its host); then the nodes, each with one vote; then a
 * suffix that others may have made.
 */
final class DistributionTally {

    private static final int MAX_EVIDENCE = 200;

    private final Map<Distribution, Long> distributions = new EnumMap<>(Distribution.class);
    private final Counts evidence = new Counts(MAX_EVIDENCE);

    void add(NodeDistribution node) {
        distributions.merge(node.distribution(), 1L, Long::sum);
        evidence.add(node.evidence());
    }

    void add(DistributionTally page) {
        page.distributions.forEach((distribution, count) -> distributions.merge(distribution, count, Long::sum));
        evidence.add(page.evidence);
    }

    /** @param server null when the API server does not say */
    Distribution distribution(@Nullable NodeDistribution server) {
        if (server != null && server.certain()) {
            return server.distribution();
        }
        Distribution most = Distribution.UNKNOWN;
        long count = 0;
        for (Map.Entry<Distribution, Long> entry : distributions.entrySet()) {
            if (entry.getValue() > count) {
                most = entry.getKey();
                count = entry.getValue();
            }
        }
        return most == Distribution.UNKNOWN && server != null ? server.distribution() : most;
    }

    /** @param server null when the API server does not say */
    Map<String, Object> data(@Nullable NodeDistribution server) {
        Counts all = new Counts(MAX_EVIDENCE);
        all.add(evidence);
        if (server != null) {
            all.add(server.evidence());
        }
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("distribution", distribution(server).toString());
        data.put("distributionEvidence", all.asMap());
        return data;
    }
}
