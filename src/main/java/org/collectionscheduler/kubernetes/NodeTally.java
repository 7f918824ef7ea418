package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/**
 * Counts nodes by what operators compare clusters by. Of each, 1,000 values of at most 50 characters are told apart and
 * the 100 most frequent shown; the rest is counted as {@link Counts#OTHER}.
 */
final class NodeTally implements Tally<NodeTally> {

    private static final int MAX_VALUES = 1_000;
    private static final int MAX_SHOWN = 100;
    private static final int MAX_LENGTH = 50;
    private static final String UNKNOWN = "unknown";

    /** Architectures, systems and versions look like this; a node that reports anything else is counted as other. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,49}");

    /** The API server takes no other values of labels. */
    private static final Pattern LABEL_VALUE = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

    /** Such as {@code containerd://1.7.2-k3s1}. */
    private static final Pattern RUNTIME =
            Pattern.compile("([a-z][a-z0-9-]{0,19})://(?:v?(\\d{1,4}\\.\\d{1,4})(?!\\d).*|.*)", Pattern.DOTALL);

    private final ProviderTally providers = new ProviderTally();
    private final DistributionTally distributions = new DistributionTally();
    private final Counts byRole = new Counts(MAX_VALUES);
    private final Counts byArch = new Counts(MAX_VALUES);
    private final Counts byOs = new Counts(MAX_VALUES);
    private final Counts byKubeletVersion = new Counts(MAX_VALUES);
    private final Counts byRuntime = new Counts(MAX_VALUES);
    private final Counts byInstanceType = new Counts(MAX_VALUES);
    private final Counts regions = new Counts(MAX_VALUES);
    private final Counts zones = new Counts(MAX_VALUES);
    private @Nullable MinorVersion oldestKubelet;
    private long total;
    private long ready;
    private long unschedulable;

    @Override
    public void read(JsonParser item) throws IOException {
        NodeFacts node = NodeFacts.read(item);
        total++;
        ready += node.ready() ? 1 : 0;
        unschedulable += node.unschedulable() ? 1 : 0;
        if (node.roles().isEmpty()) {
            byRole.add("none");
        }
        node.roles().forEach(byRole::add);
        byArch.add(plain(node.architecture()));
        byOs.add(plain(node.operatingSystem()));
        byKubeletVersion.add(plain(node.kubeletVersion()));
        oldestKubelet = MinorVersion.older(oldestKubelet, MinorVersion.of(node.kubeletVersion()));
        byRuntime.add(runtime(node.containerRuntime()));
        byInstanceType.add(instanceType(node.instanceType()));
        addPlace(regions, node.region());
        addPlace(zones, node.zone());
        NodeSigns signs = node.signs();
        providers.add(NodeProvider.of(signs));
        distributions.add(NodeDistribution.of(signs));
    }

    @Override
    public void add(NodeTally page) {
        total += page.total;
        ready += page.ready;
        unschedulable += page.unschedulable;
        byRole.add(page.byRole);
        byArch.add(page.byArch);
        byOs.add(page.byOs);
        byKubeletVersion.add(page.byKubeletVersion);
        oldestKubelet = MinorVersion.older(oldestKubelet, page.oldestKubelet);
        byRuntime.add(page.byRuntime);
        byInstanceType.add(page.byInstanceType);
        regions.add(page.regions);
        zones.add(page.zones);
        providers.add(page.providers);
        distributions.add(page.distributions);
    }

    /** Who runs the nodes, and where most of them are; the place is null, and its counts are empty, when none says. */
    Map<String, Object> origin() {
        Map<String, Object> origin = providers.data();
        origin.put("region", regions.isEmpty() ? null : regions.mostFrequent(UNKNOWN));
        origin.put("regions", regions.most(MAX_SHOWN));
        origin.put("zone", zones.isEmpty() ? null : zones.mostFrequent(UNKNOWN));
        origin.put("zones", zones.most(MAX_SHOWN));
        return origin;
    }

    DistributionTally distributions() {
        return distributions;
    }

    /** Null when no kubelet says a version. */
    @Nullable MinorVersion oldestKubelet() {
        return oldestKubelet;
    }

    /** A node with several roles is counted in each. */
    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("total", total);
        data.put("ready", ready);
        data.put("notReady", total - ready);
        data.put("unschedulable", unschedulable);
        data.put("byRole", byRole.most(MAX_SHOWN));
        data.put("byArch", byArch.most(MAX_SHOWN));
        data.put("byOs", byOs.most(MAX_SHOWN));
        data.put("byKubeletVersion", byKubeletVersion.most(MAX_SHOWN));
        data.put("byRuntime", byRuntime.most(MAX_SHOWN));
        data.put("byInstanceType", byInstanceType.most(MAX_SHOWN));
        return data;
    }

    private static void addPlace(Counts places, @Nullable String place) {
        if (place != null && LABEL_VALUE.matcher(place).matches()) {
            places.add(shortened(place));
        }
    }

    private static String instanceType(@Nullable String type) {
        if (type == null) {
            return UNKNOWN;
        }
        return LABEL_VALUE.matcher(type).matches() ? shortened(type) : Counts.OTHER;
    }

    /** Name and minor version: what decides whether a node can be upgraded. Patches would only make many values. */
    private static String runtime(@Nullable String runtime) {
        if (runtime == null) {
            return UNKNOWN;
        }
        Matcher matcher = RUNTIME.matcher(runtime);
        if (!matcher.matches()) {
            return Counts.OTHER;
        }
        return matcher.group(2) == null ? matcher.group(1) : matcher.group(1) + " " + matcher.group(2);
    }

    private static String shortened(String value) {
        return value.length() > MAX_LENGTH ? value.substring(0, MAX_LENGTH) : value;
    }

    private static String plain(@Nullable String value) {
        if (value == null) {
            return UNKNOWN;
        }
        return PLAIN.matcher(value).matches() ? value : Counts.OTHER;
    }
}
