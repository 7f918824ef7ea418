package org.collectionscheduler.kubernetes;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who runs the nodes of a cluster: every node has one vote, also one that says nothing. */
final class ProviderTally {

    private static final int MAX_EVIDENCE = 200;

    private final Map<Provider, Long> providers = new EnumMap<>(Provider.class);
    private final Map<Vendor, Long> vendors = new EnumMap<>(Vendor.class);
    private final Counts evidence = new Counts(MAX_EVIDENCE);

    void add(NodeProvider node) {
        providers.merge(node.provider(), 1L, Long::sum);
        if (node.vendor() != null) {
            vendors.merge(node.vendor(), 1L, Long::sum);
        }
        evidence.add(node.evidence());
    }

    void add(ProviderTally page) {
        page.providers.forEach((provider, count) -> providers.merge(provider, count, Long::sum));
        page.vendors.forEach((vendor, count) -> vendors.merge(vendor, count, Long::sum));
        evidence.add(page.evidence);
    }

    /** Who runs most of the nodes; of several the first in the alphabet, but the unknown last. */
    Provider provider() {
        Provider most = Provider.UNKNOWN;
        long count = 0;
        for (Map.Entry<Provider, Long> entry : providers.entrySet()) {
            if (entry.getValue() > count) {
                most = entry.getKey();
                count = entry.getValue();
            }
        }
        return most;
    }

    /** The vendor of most nodes of {@link #provider()}; null when more of them do not say it. */
    @Nullable Vendor vendor() {
        Provider provider = provider();
        Vendor most = null;
        long count = 0;
        for (Map.Entry<Vendor, Long> entry : vendors.entrySet()) {
            if (entry.getKey().provider() == provider && entry.getValue() > count) {
                most = entry.getKey();
                count = entry.getValue();
            }
        }
        return count < withoutVendor(provider) ? null : most;
    }

    /** Whether the nodes name more than one provider or vendor. Nodes that say nothing do not make a cluster mixed. */
    boolean mixed() {
        long named = vendors.size();
        for (Provider provider : providers.keySet()) {
            named += provider != Provider.UNKNOWN && withoutVendor(provider) > 0 ? 1 : 0;
        }
        return named > 1;
    }

    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        Vendor vendor = vendor();
        data.put("provider", provider().toString());
        data.put("providerMixed", mixed());
        data.put("providers", texts(providers));
        data.put("providerEvidence", evidence.asMap());
        data.put("vendor", vendor == null ? null : vendor.toString());
        data.put("vendors", texts(vendors));
        return data;
    }

    private long withoutVendor(Provider provider) {
        long count = providers.getOrDefault(provider, 0L);
        for (Map.Entry<Vendor, Long> entry : vendors.entrySet()) {
            count -= entry.getKey().provider() == provider ? entry.getValue() : 0;
        }
        return count;
    }

    private static Map<String, Long> texts(Map<?, Long> counts) {
        Map<String, Long> texts = new LinkedHashMap<>();
        counts.forEach((key, count) -> texts.put(String.valueOf(key), count));
        return texts;
    }
}
