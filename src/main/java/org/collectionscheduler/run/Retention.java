package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Section;
import org.collectionscheduler.run.RetentionRepository.Counted;
import org.collectionscheduler.run.RetentionRepository.Row;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreProperties;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what need not be kept, of every collection that ever was, in transactions so short that runs are stored in
 * between. What it has no time for is left for the next run.
 */
final class Retention implements Collector {

    private static final String NAME = "retention";

    private static final Duration MINIMUM_INTERVAL = Duration.ofMinutes(1);

    /** With less time left, it says what it has done rather than be cancelled. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    /** Rows of one transaction. */
    private static final int BATCH = 500;

    /** Of the rows of one transaction, unless there is only one: large ones take longer to delete. */
    private static final long BATCH_BYTES = 16L << 20;

    private final Supplier<@Nullable Store> store;
    private final Supplier<StoreProperties.Retention> limits;

    /** @param store gives null in a command, which changes nothing */
    Retention(Supplier<@Nullable Store> store, Supplier<StoreProperties.Retention> limits) {
        this.store = store;
        this.limits = limits;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration minimumInterval() {
        return MINIMUM_INTERVAL;
    }

    @Override
    public Collected collect(CollectionContext context) throws Exception {
        Store opened = store.get();
        if (opened == null) {
            throw CollectionFailedException.lasting(
                    "only the service deletes what need not be kept; a command changes nothing", null);
        }
        return new Pass(opened, limits.get(), context).run();
    }

    /** It is time to end before everything is deleted. */
    private static final class TimeIsUp extends Exception {

        private static final long serialVersionUID = 1L;
    }

    private interface Deletion {
        void delete() throws InterruptedException, TimeIsUp;
    }

    /** Once over all collections. */
    private static final class Pass {

        private final Store store;
        private final StoreProperties.Retention limits;
        private final CollectionContext context;
        private final Instant oldest;
        private final Map<String, Long> deleted = new LinkedHashMap<>();
        private final Map<String, Section> sections = new LinkedHashMap<>();

        Pass(Store store, StoreProperties.Retention limits, CollectionContext context) {
            this.store = store;
            this.limits = limits;
            this.context = context;
            this.oldest = Instant.ofEpochMilli(context.clock().millis()).minus(limits.age());
        }

        Collected run() throws InterruptedException {
            section("payloads", () -> delete("payloads", Counted.PAYLOADS, limits.payloads()));
            section("runs", () -> delete("runs", Counted.RUNS, limits.runs()));
            section("audit", this::deleteAudit);
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("oldestKept", oldest);
            data.put("deleted", deleted);
            return new Collected(NAME, data, List.of(), sections, Cost.NONE);
        }

        private void section(String name, Deletion deletion) throws InterruptedException {
            deleted.put(name, 0L);
            try {
                deletion.delete();
                sections.put(name, Section.ok());
            } catch (TimeIsUp e) {
                sections.put(name, Section.partial("there was no time for the rest; the next run goes on"));
            }
        }

        private void delete(String name, Counted counted, int most) throws InterruptedException, TimeIsUp {
            deleteAged(name, counted);
            String after = "";
            while (true) {
                goOn();
                String from = after;
                List<String> names = store.read(jdbc -> RetentionRepository.findNames(jdbc, from, BATCH));
                if (names.isEmpty()) {
                    return;
                }
                String first = names.get(0);
                String last = names.get(names.size() - 1);
                List<String> overfull =
                        store.read(jdbc -> RetentionRepository.findOverfull(jdbc, counted, first, last, most));
                for (String collection : overfull) {
                    deleteSurplus(name, counted, collection, most);
                }
                after = last;
            }
        }

        private void deleteAged(String name, Counted counted) throws InterruptedException, TimeIsUp {
            long from = Long.MIN_VALUE;
            while (true) {
                goOn();
                long start = from;
                List<Row> rows = store.read(jdbc -> RetentionRepository.findAged(jdbc, counted, start, oldest, BATCH));
                if (rows.isEmpty()) {
                    return;
                }
                from = rows.get(rows.size() - 1).createdAt();
                delete(name, counted, rows);
            }
        }

        private void deleteSurplus(String name, Counted counted, String collection, int most)
                throws InterruptedException, TimeIsUp {
            while (true) {
                goOn();
                List<Row> rows =
                        store.read(jdbc -> RetentionRepository.findSurplus(jdbc, counted, collection, most, BATCH));
                if (rows.isEmpty()) {
                    return;
                }
                delete(name, counted, rows);
            }
        }

        private void delete(String name, Counted counted, List<Row> rows) throws InterruptedException, TimeIsUp {
            List<String> batch = new ArrayList<>();
            long bytes = 0;
            for (Row row : rows) {
                if (!batch.isEmpty() && bytes + row.bytes() > BATCH_BYTES) {
                    deleteBatch(name, counted, List.copyOf(batch));
                    goOn();
                    batch.clear();
                    bytes = 0;
                }
                batch.add(row.id());
                bytes += row.bytes();
            }
            deleteBatch(name, counted, batch);
        }

        private void deleteBatch(String name, Counted counted, List<String> ids) {
            store.write(jdbc -> RetentionRepository.delete(jdbc, counted, ids));
            // An acknowledgement may be lost, and a second time then finds nothing: what is gone is counted, not the
            // rows
            // of one statement.
            deleted.merge(name, (long) ids.size(), Long::sum);
        }

        private void deleteAudit() throws InterruptedException, TimeIsUp {
            int count = BATCH;
            while (count == BATCH) {
                goOn();
                count = store.write(jdbc -> RetentionRepository.deleteAudit(jdbc, oldest, BATCH));
                deleted.merge("audit", (long) count, Long::sum);
            }
        }

        private void goOn() throws InterruptedException, TimeIsUp {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between two transactions");
            }
            if (context.remaining().compareTo(RESERVE) < 0) {
                throw new TimeIsUp();
            }
        }
    }
}
