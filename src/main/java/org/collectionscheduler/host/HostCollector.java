package org.collectionscheduler.host;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Pseudonyms;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.collector.Source;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/** Runs its probes one after the other; what a probe could not read is absent from the data and named in its section. */
final class HostCollector implements Collector {

    private final String name;
    private final Duration minimumInterval;
    private final Probe identity;
    private final List<Probe> probes;
    private final List<String> rules;
    private final ProbeRunner runner;

    /** @param identity the probe whose value is a {@link MachineIdentity} */
    HostCollector(
            String name,
            Duration minimumInterval,
            Probe identity,
            List<Probe> probes,
            List<String> rules,
            ProbeRunner runner) {
        this.name = name;
        this.minimumInterval = minimumInterval;
        this.identity = identity;
        this.probes = List.copyOf(probes);
        this.rules = List.copyOf(rules);
        this.runner = runner;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Duration minimumInterval() {
        return minimumInterval;
    }

    @Override
    public Resource dataSchema() {
        return new ClassPathResource(name + ".schema.json", HostCollector.class);
    }

    @Override
    public Collected collect(CollectionContext context) throws InterruptedException, CollectionFailedException {
        Map<String, Object> data = new LinkedHashMap<>();
        Map<String, Section> sections = new LinkedHashMap<>();
        data.put("timestamp", context.clock().instant());
        data.put("collectionId", Pseudonyms.newCollectionId());
        Finding identified = runner.run(identity, context);
        MachineIdentity machine = identified.value() instanceof MachineIdentity found
                ? found
                : MachineIdentity.ofDeployment(context.pseudonyms());
        data.put("clusterId", machine.clusterId());
        data.put("clusterIdSource", machine.source());
        for (Probe probe : probes) {
            Finding finding = runner.run(probe, context);
            sections.put(probe.section(), finding.section());
            if (finding.value() != null) {
                data.put(probe.field(), finding.value());
            }
        }
        requireSome(sections);
        sections.put(identity.section(), identified.section());
        return new Collected(Source.HOST.lowerCaseName(), data, rules, sections, Cost.NONE);
    }

    /** To know which machine it is, and nothing about it, is to know nothing. */
    private static void requireSome(Map<String, Section> sections) throws CollectionFailedException {
        boolean none = sections.values().stream()
                .allMatch(section ->
                        section.status() == Section.Status.FORBIDDEN || section.status() == Section.Status.UNAVAILABLE);
        if (none) {
            String reasons = sections.entrySet().stream()
                    .map(section -> section.getKey() + ": " + section.getValue().reason())
                    .collect(Collectors.joining("; "));
            throw CollectionFailedException.passing("nothing could be collected: " + reasons, null);
        }
    }
}
