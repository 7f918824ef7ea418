package org.collectionscheduler.host;

import java.time.Duration;
import java.util.List;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.ConditionalOnSource;
import org.collectionscheduler.collector.Source;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The two collectors of the host family. They share one runner, so that a probe hanging for one is known to the other. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnSource(Source.HOST)
class HostConfiguration {

    @Bean
    static ProbeRunner hostProbeRunner() {
        return new ProbeRunner(ProbeRunner.DEFAULT_TIMEOUT);
    }

    @Bean
    static Collector hostMetadataCollector(ProbeRunner runner) {
        return metadata(Machine.local(), runner);
    }

    @Bean
    static Collector hostInventoryCollector(ProbeRunner runner) {
        return inventory(Machine.local(), runner);
    }

    /** What the machine is. */
    static Collector metadata(Machine machine, ProbeRunner runner) {
        List<Probe> probes = List.of(
                Probe.of("operating-system", "operatingSystem", () -> OperatingSystemFacts.read(machine)),
                Probe.of("cpu", "cpu", () -> CpuFacts.read(machine)),
                Probe.of("memory", "memory", () -> MemoryFacts.read(machine)),
                new Probe("container", "container", pseudonyms -> new Cgroups(machine.root()).read()));
        return new HostCollector(
                "cluster-metadata",
                Duration.ofHours(1),
                MachineIdentity.probe(machine),
                probes,
                List.of(MachineIdentity.RULE),
                runner);
    }

    /** What the machine holds. */
    static Collector inventory(Machine machine, ProbeRunner runner) {
        FileSystems fileSystems = new FileSystems(machine);
        List<Probe> probes = List.of(
                new Probe("processes", "processes", pseudonyms -> ProcessFacts.read(machine)),
                new Probe("filesystems", "filesystems", fileSystems::local),
                new Probe("network-filesystems", "networkFilesystems", fileSystems::network),
                new Probe("network", "networkInterfaces", new NetworkInterfaces(machine)::read));
        return new HostCollector(
                "resource-inventory",
                Duration.ofMinutes(30),
                MachineIdentity.probe(machine),
                probes,
                List.of(
                        MachineIdentity.RULE,
                        ResourceNames.MOUNT_POINT_RULE,
                        ResourceNames.INTERFACE_RULE,
                        "network-addresses:omitted"),
                runner);
    }
}
