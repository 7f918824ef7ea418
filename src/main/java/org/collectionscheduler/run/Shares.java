package org.collectionscheduler.run;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What goes and what waits, of all collectors and of each one. For one thread at a time: whoever has it locks it.
 *
 * <p>Up to half of the permits are kept for collectors that run nothing: one that takes all it can get, because its runs
 * hang, leaves the others a way through.
 */
final class Shares {

    /** @param number in the order in which the work was submitted */
    record Entry(RunQueue.Work work, long number) {

        private String collector() {
            return work.collector();
        }
    }

    private static final Comparator<Entry> ORDER =
            Comparator.<Entry, Instant>comparing(entry -> entry.work().dueAt()).thenComparingLong(Entry::number);

    /** One collector's. */
    private static final class Share {

        private final PriorityQueue<Entry> waiting = new PriorityQueue<>(1, ORDER);
        private final String collector;
        private final int most;
        private int collections;
        private int running;

        /** As many as may be run elsewhere, or it is not known: nothing more is tried for a moment. */
        private boolean resting;

        Share(String collector, int most) {
            this.collector = collector;
            this.most = most;
        }
    }

    private final int permits;
    private final ToIntFunction<String> most;
    private final Map<String, Share> shares = new HashMap<>();
    private final Map<String, Entry> waiting = new HashMap<>();

    /** Those of which anything waits: of a hundred thousand, few. */
    private final Set<Share> withWaiting = new LinkedHashSet<>();

    private int running;

    /** How many have given their permits back, and are being stored. */
    private int ending;

    /** How many shares run nothing. */
    private int idle;

    private long submitted;

    /**
     * @param permits runs at a time, at least 1
     * @param most runs of a collector at a time
     */
    Shares(int permits, ToIntFunction<String> most) {
        this.permits = permits;
        this.most = most;
    }

    /** That collector has one collection more: a permit is kept for it while it runs none. */
    void expect(String collector) {
        share(collector).collections++;
    }

    /** That collector has one collection less: with the last one, and its last run, it is forgotten. */
    void forget(String collector) {
        Share share = shares.get(collector);
        if (share != null && share.collections > 0) {
            share.collections--;
            dropIfUnused(share);
        }
    }

    /** Every collection, until it is expected again. */
    void forgetAll() {
        for (Share share : List.copyOf(shares.values())) {
            share.collections = 0;
            dropIfUnused(share);
        }
    }

    /** Of a collector that was only asked for. */
    void dropIfUnused(String collector) {
        dropIfUnused(share(collector));
    }

    private void dropIfUnused(Share share) {
        if (share.collections == 0 && share.running == 0 && share.waiting.isEmpty() && !share.resting) {
            shares.remove(share.collector);
            idle--;
        }
    }

    void add(RunQueue.Work work) {
        add(new Entry(work, submitted++));
    }

    /** Has it wait, at the place that it had before if it did. */
    void add(Entry entry) {
        Share share = share(entry.collector());
        waiting.put(entry.work().runId(), entry);
        share.waiting.add(entry);
        withWaiting.add(share);
    }

    /** False when it does not wait. */
    boolean remove(String runId) {
        Entry entry = waiting.remove(runId);
        if (entry == null) {
            return false;
        }
        Share share = share(entry.collector());
        share.waiting.remove(entry);
        listIfWaiting(share);
        dropIfUnused(share);
        return true;
    }

    /** What waited, and does no more. */
    List<Entry> removeAll() {
        List<Entry> removed = List.copyOf(waiting.values());
        waiting.clear();
        withWaiting.forEach(share -> share.waiting.clear());
        withWaiting.clear();
        return removed;
    }

    private void listIfWaiting(Share share) {
        if (share.waiting.isEmpty()) {
            withWaiting.remove(share);
        }
    }

    boolean isWaiting(String runId) {
        return waiting.containsKey(runId);
    }

    /** How many wait. */
    int waiting() {
        return waiting.size();
    }

    boolean hasFreePermit() {
        return running < permits;
    }

    /** Whether another run of that collector may start. */
    boolean mayStart(String collector) {
        return mayStart(share(collector));
    }

    /** Whether anything that waits may start. */
    boolean mayStartAny() {
        return next() != null;
    }

    /** What waits no longer, for it is to start; null when nothing may. */
    @Nullable Entry poll() {
        Share next = next();
        Entry entry = next == null ? null : next.waiting.poll();
        if (next != null && entry != null) {
            waiting.remove(entry.work().runId());
            listIfWaiting(next);
        }
        return entry;
    }

    /** Of the collectors that may start one, the one whose work is due first; null when none may. */
    private @Nullable Share next() {
        Share next = null;
        Entry first = null;
        for (Share share : withWaiting) {
            Entry entry = share.waiting.peek();
            if (entry != null && mayStart(share) && (first == null || ORDER.compare(entry, first) < 0)) {
                first = entry;
                next = share;
            }
        }
        return next;
    }

    private boolean mayStart(Share share) {
        int kept = share.running == 0 ? 0 : Math.min(idle, permits / 2);
        return !share.resting && share.running < share.most && permits - running > kept;
    }

    /** A run of that collector has its permit. */
    void begin(String collector) {
        if (share(collector).running++ == 0) {
            idle--;
        }
        running++;
    }

    /** A run of that collector has given its permit back. */
    void end(String collector) {
        Share share = share(collector);
        if (--share.running == 0) {
            idle++;
            dropIfUnused(share);
        }
        running--;
    }

    /** Whether fewer are being stored than there are permits. */
    boolean mayEnd() {
        return ending < permits;
    }

    /** A run of that collector has given its permit back, and is being stored. */
    void beginEnding(String collector) {
        end(collector);
        ending++;
    }

    void endEnding() {
        ending--;
    }

    /** Whether anything runs, or is being stored. */
    boolean isBusy() {
        return running > 0 || ending > 0;
    }

    /** Nothing of that collector starts any more. False when it rests already. */
    boolean rest(String collector) {
        Share share = share(collector);
        boolean rests = !share.resting;
        share.resting = true;
        return rests;
    }

    void endRest(String collector) {
        Share share = share(collector);
        share.resting = false;
        dropIfUnused(share);
    }

    private Share share(String collector) {
        return shares.computeIfAbsent(collector, name -> {
            idle++;
            return new Share(name, most.applyAsInt(name));
        });
    }
}
