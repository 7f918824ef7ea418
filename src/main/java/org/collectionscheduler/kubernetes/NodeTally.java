package org.collectionscheduler.kubernetes;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;

/** Counts nodes by what operators compare clusters by. */
final class NodeTally implements Tally<NodeTally> {

    private static final int MAX_VALUES = 100;
    private static final int MAX_LENGTH = 50;
    private static final String UNKNOWN = "unknown";

    /** Architectures, systems and versions look like this; a node that reports anything else is counted as other. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]{0,49}");

    private final Counts byRole = new Counts(MAX_VALUES);
    private final Counts byArch = new Counts(MAX_VALUES);
    private final Counts byOs = new Counts(MAX_VALUES);
    private final Counts byKubeletVersion = new Counts(MAX_VALUES);
    private final Counts providers = new Counts(MAX_VALUES);
    private final Counts regions = new Counts(MAX_VALUES);
    private final Counts zones = new Counts(MAX_VALUES);
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
        providers.add(provider(node.providerId()));
        addPlace(regions, node.region());
        addPlace(zones, node.zone());
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
        providers.add(page.providers);
        regions.add(page.regions);
        zones.add(page.zones);
    }

    long total() {
        return total;
    }

    /** Who runs most of the nodes; {@code unknown} when the nodes do not say. */
    String provider() {
        return providers.mostFrequent(UNKNOWN);
    }

    /** Where most of the nodes are; null when none says. */
    @Nullable String region() {
        return regions.isEmpty() ? null : regions.mostFrequent("");
    }

    /** Where most of the nodes are; null when none says. */
    @Nullable String zone() {
        return zones.isEmpty() ? null : zones.mostFrequent("");
    }

    /** A node with several roles is counted in each. */
    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("total", total);
        data.put("ready", ready);
        data.put("notReady", total - ready);
        data.put("unschedulable", unschedulable);
        data.put("byRole", byRole.asMap());
        data.put("byArch", byArch.asMap());
        data.put("byOs", byOs.asMap());
        data.put("byKubeletVersion", byKubeletVersion.asMap());
        return data;
    }

    private static String provider(@Nullable String providerId) {
        int end = providerId == null ? -1 : providerId.indexOf("://");
        if (providerId == null || end < 1) {
            return UNKNOWN;
        }
        return switch (providerId.substring(0, end)) {
            case "aws" -> "aws";
            case "gce" -> "gcp";
            case "azure" -> "azure";
            default -> Counts.OTHER;
        };
    }

    private static void addPlace(Counts places, @Nullable String place) {
        if (place != null) {
            places.add(place.length() > MAX_LENGTH ? place.substring(0, MAX_LENGTH) : place);
        }
    }

    private static String plain(@Nullable String value) {
        if (value == null) {
            return UNKNOWN;
        }
        return PLAIN.matcher(value).matches() ? value : Counts.OTHER;
    }
}
