package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunStatistics.Rate;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.run.TestCollector;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.TestStores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectionHealthTests {

    private static final String NAME = "hourly";
    private static final Instant START = MutableClock.START;

    private static final TestCollector FAILING = TestCollector.of(context -> {
        throw CollectionFailedException.lasting("no", null);
    });

    private final TestCatalog catalog = new TestCatalog(TestStores::sqliteMemory);

    @AfterEach
    void close() {
        catalog.store.close();
    }

    private String rule(Map<String, String> settings, @Nullable Rate rate) {
        Optional<Trouble> trouble =
                new CollectionHealth(HealthPropertiesTests.bound(settings)).trouble(catalog.status(NAME), rate);
        return trouble.map(Trouble::rule).orElse("none");
    }

    private String rule() {
        return rule(Map.of(), null);
    }

    /** Registered at the start, which is its first slot; the last success was at the start, too. */
    private ScheduledCollection succeededAtStart() {
        ScheduledCollection collection = catalog.add(NAME);
        catalog.set(NAME, Map.of("last_success_at", START.toEpochMilli(), "last_decided_slot", START.toEpochMilli()));
        return collection;
    }

    /** As if the slots up to now had been decided, without success. */
    private void passed(Duration time) {
        catalog.clock.advance(time);
        catalog.set(NAME, Map.of("last_decided_slot", catalog.clock.millis()));
    }

    @ParameterizedTest
    @CsvSource({
        "2, PT1H59M59S, none",
        "2, PT2H, missed-intervals",
        "3, PT2H30M, none",
        "3, PT3H, missed-intervals",
        "0, P9D, none"
    })
    void noSuccessForSoManySlots(String intervals, Duration time, String rule) {
        succeededAtStart();
        passed(time);
        assertThat(rule(Map.of("missed-intervals", intervals), null)).isEqualTo(rule);
    }

    @Test
    void aPausedCollectionNeedNotSucceed() {
        ScheduledCollection collection = succeededAtStart();
        passed(Duration.ofHours(5));
        assertThat(rule()).isEqualTo("missed-intervals");
        catalog.runs.interventions.pause(collection, TestRuns.CAUSE);
        assertThat(rule()).isEqualTo("none");
        catalog.runs.interventions.resume(collection, TestRuns.CAUSE);
        assertThat(rule()).as("it begins anew").isEqualTo("none");
        passed(Duration.ofMinutes(119));
        assertThat(rule()).isEqualTo("none");
        passed(Duration.ofMinutes(1));
        assertThat(rule()).isEqualTo("missed-intervals");
    }

    /** By demand, which moves no rhythm. */
    private void fail(ScheduledCollection collection) {
        Run run = catalog.runs.pipeline.demand(collection, TestRuns.CAUSE).orElseThrow();
        Awaitility.await()
                .until(() -> catalog.runs.history.run(run.id()).orElseThrow().isFinished());
        catalog.set(NAME, Map.of("consecutive_failures", 3));
    }

    @ParameterizedTest
    @CsvSource({"3, failed-runs", "4, last-run"})
    void whatIsPausedOrDisabledMayHaveFailed(String failedRuns, String rule) {
        Map<String, String> settings = Map.of("failed-runs", failedRuns);
        ScheduledCollection collection = catalog.add(NAME, FAILING, spec -> {});
        fail(collection);
        assertThat(rule(settings, null)).isEqualTo(rule);
        catalog.runs.interventions.pause(collection, TestRuns.CAUSE);
        assertThat(rule(settings, null)).isEqualTo("none");
        catalog.runs.interventions.resume(collection, TestRuns.CAUSE);
        assertThat(rule(settings, null)).isEqualTo(rule);
        catalog.set(NAME, Map.of("state", "DISABLED"));
        assertThat(rule(settings, null)).isEqualTo("none");
    }

    @Test
    void whatIsCompletedIsSickForAWhileAfterItsFailure() {
        ScheduledCollection once = catalog.add(NAME, FAILING, spec -> spec.rhythm = new Rhythm.Once(START));
        fail(once);
        passed(Duration.ofMinutes(1));
        assertThat(catalog.status(NAME).state()).isEqualTo(CollectionState.COMPLETED);
        assertThat(rule()).isEqualTo("last-run");
        passed(Duration.ofHours(24));
        assertThat(rule()).isEqualTo("none");
    }

    @Test
    void aDisabledCollectionNeedNotSucceedAndASuspendedOneMust() {
        succeededAtStart();
        passed(Duration.ofHours(5));
        catalog.set(
                NAME,
                Map.of(
                        "suspended_until",
                        catalog.clock.instant().plusSeconds(60).toEpochMilli()));
        assertThat(rule()).isEqualTo("missed-intervals");
        catalog.set(NAME, Map.of("state", "DISABLED"));
        assertThat(rule()).isEqualTo("none");
    }

    @Test
    void slotsInQuietTimesAreNotMissed() {
        Instant quietFrom = START.plusSeconds(1800);
        Instant quietUntil = START.plus(Duration.ofDays(2)).plusSeconds(1800);
        QuietTimes quiet = instant -> !instant.isBefore(quietFrom) && instant.isBefore(quietUntil)
                ? Optional.of(new QuietTimes.Quiet(quietFrom, quietUntil, QuietTimes.Slots.SKIP))
                : Optional.empty();
        catalog.add(NAME, TestCollector.succeeding(), spec -> spec.quiet = quiet);
        catalog.set(NAME, Map.of("last_success_at", START.toEpochMilli()));
        passed(Duration.ofDays(2));
        assertThat(rule()).isEqualTo("none");
        passed(Duration.ofMinutes(119));
        assertThat(rule()).isEqualTo("none");
        passed(Duration.ofMinutes(1));
        assertThat(rule()).isEqualTo("missed-intervals");
    }

    @ParameterizedTest
    @CsvSource({
        "4, 1, 0.8, none",
        "4, 1, 0.9, success-rate",
        "79, 21, 0.8, success-rate",
        "80, 20, 0.8, none",
        "0, 5, 0.8, success-rate",
        "0, 5, 0, none",
        "0, 4, 0.8, none"
    })
    void tooSmallAShareOfSuccesses(long succeeded, long failed, String share, String rule) {
        succeededAtStart();
        assertThat(rule(Map.of("success-rate", share), new Rate(succeeded, failed)))
                .isEqualTo(rule);
    }

    @Test
    void overdueUnlessAQuietTimeHoldsIt() {
        Instant quietUntil = START.plus(Duration.ofHours(5));
        QuietTimes quiet = instant -> instant.isBefore(quietUntil)
                ? Optional.of(new QuietTimes.Quiet(START, quietUntil, QuietTimes.Slots.HOLD))
                : Optional.empty();
        catalog.add(NAME, TestCollector.succeeding(), spec -> spec.quiet = quiet);
        Map<String, String> others = Map.of("missed-intervals", "0");
        catalog.clock.advance(Duration.ofHours(4));
        assertThat(rule(others, null)).isEqualTo("none");
        catalog.clock.set(quietUntil.minusMillis(1));
        assertThat(rule(others, null)).isEqualTo("none");
        catalog.clock.set(quietUntil.plus(Duration.ofHours(2)));
        assertThat(rule(others, null)).isEqualTo("overdue");
    }

    @Test
    void aDamagedRowIsQuarantined() {
        succeededAtStart();
        catalog.set(NAME, Map.of("state", "QUARANTINED"));
        assertThat(rule()).isEqualTo("quarantined");
    }
}
