package org.collectionscheduler.host;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.collectionscheduler.collector.Section;
import oshi.software.os.OSProcess;

/**
 * The processes that the service may see: in a container, those of the container.
 *
 * @param total the sum over {@code byState}
 * @param threads threads of all those processes
 * @param byState number of processes by state: {@code running}, {@code sleeping} (can be interrupted), {@code waiting}
 *     (cannot), {@code stopped}, {@code zombie}, {@code other} (on Linux, idle threads of the kernel); states that no
 *     process is in are absent
 */
record ProcessFacts(int total, long threads, Map<String, Integer> byState) {

    ProcessFacts {
        byState = Collections.unmodifiableMap(new TreeMap<>(byState));
    }

    static Finding read(Machine machine) {
        List<OSProcess> processes = machine.facts().getOperatingSystem().getProcesses();
        Map<String, Integer> byState = processes.stream()
                .collect(Collectors.toMap(
                        process -> process.getState().name().toLowerCase(Locale.ROOT), process -> 1, Integer::sum));
        long threads = processes.stream().mapToLong(OSProcess::getThreadCount).sum();
        return new Finding(
                new ProcessFacts(processes.size(), threads, byState), Section.ok("visible-to-service", null));
    }
}
