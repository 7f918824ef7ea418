package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts services by type. */
final class ServiceTally implements TableTally<ServiceTally> {

    private static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");

    private final Counts byType = new Counts(TYPES.size() + 1);
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
        add(typeAndAddress[0], typeAndAddress[1]);
    }

    @Override
    public List<String> columns() {
        return List.of("Type", "Cluster-IP");
    }

    @Override
    public void row(List<@Nullable String> cells) {
        add(cells.get(0), cells.get(1));
    }

    @Override
    public void add(ServiceTally page) {
        headless += page.headless;
        byType.add(page.byType);
    }

    /** A headless service is one of type ClusterIP and counted there too. */
    static Map<String, @Nullable Object> data(Listing<ServiceTally> services) {
        ServiceTally tally = services.tally();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("total", services.total());
        data.put("byType", tally == null ? null : tally.byType.asMap());
        data.put("headless", tally == null ? null : tally.headless);
        return data;
    }

    private void add(@Nullable String servedType, @Nullable String address) {
        String type = servedType == null ? "ClusterIP" : servedType;
        headless += "None".equals(address) ? 1 : 0;
        byType.add(TYPES.contains(type) ? type : Counts.OTHER);
    }
}
