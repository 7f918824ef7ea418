package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts services by type. */
final class ServiceTally implements Tally<ServiceTally> {

    private static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");

    private final Counts byType = new Counts(TYPES.size() + 1);
    private long total;
    private long headless;

    @Override
    public void read(JsonParser item) throws IOException {
        @Nullable String[] typeAndAddress = new String[2];
        Json.eachField(item, (field, parser) -> {
            if (field.equals("spec")) {
                Json.eachField(parser, (name, value) -> {
                    if (name.equals("type")) {
                        typeAndAddress[0] = Json.text(value);
                    } else if (name.equals("clusterIP")) {
                        typeAndAddress[1] = Json.text(value);
                    }
                });
            }
        });
        String type = typeAndAddress[0] == null ? "ClusterIP" : typeAndAddress[0];
        total++;
        headless += "None".equals(typeAndAddress[1]) ? 1 : 0;
        byType.add(TYPES.contains(type) ? type : Counts.OTHER);
    }

    @Override
    public void add(ServiceTally page) {
        total += page.total;
        headless += page.headless;
        byType.add(page.byType);
    }

    /** A headless service is one of type ClusterIP and counted there too. */
    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("total", total);
        data.put("byType", byType.asMap());
        data.put("headless", headless);
        return data;
    }
}
