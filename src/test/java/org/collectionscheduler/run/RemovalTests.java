package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.collectionscheduler.run.RunEvent.CollectionRemoved;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.StoreUnavailableException;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of the runs of a collection that is removed while the service runs. */
@Timeout(60)
class RemovalTests {

    private static final String NAME = "prices";

    private final MutableClock clock = new MutableClock();
    private final Store store = TestStores.sqliteMemory(clock);
    private final TestRuns runs = new TestRuns(store, clock, new MutableTicker(), 1);
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger calls = new AtomicInteger();

    @AfterEach
    void close() {
        release.countDown();
        store.close();
    }

    @Test
    void anAttemptUnderWayGoesOnAndItsSuccessIsStored() throws Exception {
        ScheduledCollection collection = runs.register(NAME, hanging(false));
        runs.wake(collection);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        remove();
        release.countDown();

        quickly().until(() -> newest().isFinished());
        assertThat(newest().outcome()).isEqualTo(RunOutcome.SUCCEEDED);
        assertThat(newest().payloadId()).isNotNull();
        assertThat(runs.record(NAME).state()).isEqualTo(CollectionState.RETIRED);
        clock.advance(Duration.ofHours(3));
        assertThat(runs.wake(collection)).isEmpty();
        assertThat(TestRuns.newest(runs.history, NAME, 10)).hasSize(1);
        assertThat(runs.events.all(CollectionRemoved.class)).hasSize(1);
    }

    @Test
    void anAttemptUnderWayThatFailsIsTheLast() throws Exception {
        ScheduledCollection collection = runs.register(NAME, hanging(true));
        runs.wake(collection);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        remove();
        release.countDown();

        quickly().until(() -> newest().isFinished());
        assertThat(newest().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(newest().attempt()).isEqualTo(1);
        assertThat(runs.history.active()).isEmpty();
    }

    @Test
    void aRunThatWaitsForItsNextAttemptEndsAsTheLastOneDid() {
        ScheduledCollection collection = runs.register(NAME, failing());
        runs.wake(collection);
        quickly()
                .until(() -> newest().state() == RunState.RETRYING
                        && runs.activities.runsOf(NAME).isEmpty());

        remove();

        assertThat(newest().outcome()).isEqualTo(RunOutcome.FAILED);
        assertThat(runs.events.all(RunFinished.class)).hasSize(1);
        clock.advance(Duration.ofHours(1));
        runs.wake(collection);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aRunThatWaitsForAPermitNeverBegins() throws Exception {
        ScheduledCollection other = runs.register("other", hanging(false));
        runs.wake(other);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        ScheduledCollection collection = runs.register(NAME, failing());
        runs.wake(collection);
        assertThat(runs.pipeline.waiting()).isEqualTo(1);

        remove();
        release.countDown();

        assertThat(newest().outcome()).isEqualTo(RunOutcome.ABANDONED);
        assertThat(newest().error()).isEqualTo("it was never attempted");
        quickly().until(() -> runs.history.active().isEmpty());
        assertThat(calls).as("of the hanging one").hasValue(1);
        assertThat(runs.activities.runsOf(NAME)).isEmpty();
    }

    @Test
    void nothingIsChangedWhenItCannotBeStored() {
        ScheduledCollection collection = runs.register(NAME, failing());
        TestStores.refuseWrites(store);

        assertThatThrownBy(this::remove).isInstanceOf(StoreUnavailableException.class);

        TestStores.acceptWrites(store);
        runs.wake(collection);
        quickly().until(() -> newest().state() == RunState.RETRYING);
    }

    @Test
    void aCollectionThatComesBackIsAttemptedAgainAsOften() {
        runs.register(NAME, failing());
        remove();
        clock.advance(Duration.ofHours(2));

        ScheduledCollection again = runs.register(NAME, failing());
        runs.pipeline.added(List.of(again));
        clock.advance(Duration.ofHours(1));
        runs.wake(again);

        quickly().until(() -> newest().state() == RunState.RETRYING);
        assertThat(newest().missedCount()).as("nothing to make up for").isNull();
    }

    private void remove() {
        runs.pipeline.remove(NAME, () -> runs.interventions.remove(NAME, TestRuns.CAUSE));
    }

    private Run newest() {
        return TestRuns.newest(runs.history, NAME, 1).get(0);
    }

    private TestCollector hanging(boolean fails) {
        return TestCollector.of(context -> {
            calls.incrementAndGet();
            begun.countDown();
            assertThat(release.await(30, TimeUnit.SECONDS)).isTrue();
            if (fails) {
                throw new IllegalStateException("no");
            }
            return TestCollector.data();
        });
    }

    private TestCollector failing() {
        return TestCollector.of(context -> {
            calls.incrementAndGet();
            throw new IllegalStateException("no");
        });
    }

    private static ConditionFactory quickly() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO);
    }
}
