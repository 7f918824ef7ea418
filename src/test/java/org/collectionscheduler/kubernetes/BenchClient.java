package org.collectionscheduler.kubernetes;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.collectionscheduler.collector.Collected;

/** One inventory in a process of its own, so that its CPU time and its heap are nobody else's. */
final class BenchClient {

    private final AtomicLong mostAfterGc = new AtomicLong();

    private BenchClient() {}

    /** What is measured. */
    @FunctionalInterface
    interface Work {
        Map<String, ?> inventory() throws Exception;
    }

    /**
     * Prints one line of {@code name=value}.
     *
     * @param args {@code ours KUBECONFIG REQUESTS_PER_SECOND} or {@code plain URL identity|gzip}
     */
    public static void main(String[] args) throws Exception {
        Work work = args[0].equals("ours")
                ? () -> ours(args[1], Integer.parseInt(args[2]))
                : () -> new PlainClient(args[1], args[2]).inventory();
        System.out.println(new BenchClient().measure(work));
        System.exit(0);
    }

    private static Map<String, ?> ours(String kubeconfig, int requestsPerSecond) throws Exception {
        try (Kube kube = Kube.of(Path.of(kubeconfig), requestsPerSecond, ClientSettings.DEFAULTS)) {
            Collected collected = kube.inventory(new TestContext(
                    Duration.ofMinutes(10), org.collectionscheduler.collector.Pseudonyms.NamespaceNames.PLAIN));
            if (!collected.full()) {
                throw new IllegalStateException("not whole: " + collected.sections());
            }
            return collected.data();
        }
    }

    private String measure(Work work) throws Exception {
        listen();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = system.getProcessCpuTime();
        long start = System.nanoTime();
        Map<String, ?> inventory = work.inventory();
        long nanos = System.nanoTime() - start;
        cpu = system.getProcessCpuTime() - cpu;
        System.gc();
        mostAfterGc.accumulateAndGet(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), Math::max);
        return "millis=" + nanos / 1_000_000 + " cpuMillis=" + cpu / 1_000_000 + " heapKb=" + mostAfterGc.get() / 1024
                + " kinds=" + inventory.size();
    }

    /** The heap that is left after each collection of garbage. */
    private void listen() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                if (notification.getUserData() instanceof CompositeData data) {
                                    took(GarbageCollectionNotificationInfo.from(data));
                                }
                            },
                            null,
                            null);
        }
    }

    private void took(GarbageCollectionNotificationInfo info) {
        Map<String, MemoryUsage> after = info.getGcInfo().getMemoryUsageAfterGc();
        long used = after.entrySet().stream()
                .filter(pool -> !pool.getKey().contains("Metaspace")
                        && !pool.getKey().contains("CodeHeap")
                        && !pool.getKey().contains("Compressed Class"))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
        mostAfterGc.accumulateAndGet(used, Math::max);
    }
}
