package org.collectionscheduler.kubernetes;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.collectionscheduler.collector.Pseudonyms;

/** The fields that all data begins with. */
final class BaseData {

    private BaseData() {}

    /** A map to be continued. */
    static Map<String, Object> of(Instant timestamp, ClusterIdentity identity) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("timestamp", timestamp);
        data.put("collectionId", Pseudonyms.newCollectionId());
        data.put("clusterId", identity.id());
        data.put("clusterIdSource", identity.source());
        return data;
    }
}
