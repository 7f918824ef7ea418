package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/** Payloads are checked before they are stored, and before they are printed. */
@Timeout(60)
class CheckedPayloadsTests {

    private static final String NAME = "garage";

    private final MutableClock clock = new MutableClock();
    private final Store store = TestStores.sqliteMemory(clock);
    private final AtomicInteger calls = new AtomicInteger();
    private final Counting collector = new Counting(calls);
    private final AttemptExecution.Environment environment =
            TestRuns.environment(clock, new MutableTicker(), () -> {}, PayloadSchemas.of(List.of(collector)));

    /** Says how often it was asked, of which its schema allows the second time only. */
    private record Counting(AtomicInteger calls) implements Collector {

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public Resource dataSchema() {
            return new ByteArrayResource(
                    "{\"properties\": {\"asked\": {\"const\": 2}}}".getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public Collected collect(CollectionContext context) {
            return Collected.of("test", Map.of("asked", calls.incrementAndGet()));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void dataThatBreaksItsSchemaFailsTheRunAtOnceAndIsNotStored() {
        TestRuns runs = new TestRuns(store, 1, environment);
        ScheduledCollection collection = runs.register(NAME, collector);
        runs.wake(collection);
        awaitFreed(runs, 1);

        assertThat(runs.history.active()).isEmpty();
        Run failed = TestRuns.newest(runs.history, NAME, 1).get(0);
        assertThat(failed.outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(failed.attempt()).isEqualTo(1);
        assertThat(failed.error()).contains("schema of garage: /asked: const;");
        assertThat(failed.payloadId()).isNull();
        assertThat(runs.history.newestPayloadIds(null, 10)).isEmpty();
        assertThat(calls).hasValue(1);

        clock.advance(Duration.ofHours(1));
        runs.wake(collection);
        awaitFreed(runs, 2);
        assertThat(TestRuns.newestPayloads(runs.history, NAME, 10))
                .singleElement()
                .satisfies(payload -> assertThat(payload.content()).contains("\"asked\":2"));
    }

    @Test
    void whatIsCollectedOnceIsCheckedLikewise() throws Exception {
        OneShot oneShot = new OneShot(environment);

        AttemptEnd broken = oneShot.collect(collector, Parameters.NONE, Duration.ofSeconds(30));
        AttemptEnd kept = oneShot.collect(collector, Parameters.NONE, Duration.ofSeconds(30));

        assertThat(broken.content()).isNull();
        assertThat(broken.error()).contains("schema of garage: /asked: const;");
        assertThat(kept.content()).contains("\"asked\":2");
    }

    private static void awaitFreed(TestRuns runs, int times) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> runs.events.all(CollectionFreed.class).size() >= times);
    }
}
