package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.collectionscheduler.run.Registrations.Registered;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunEvent.CollectionQuarantined;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.store.MutableClock;
import org.collectionscheduler.store.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of collections of which a stored row was damaged. A database's test only opens it. */
@Timeout(60)
abstract class QuarantineContract {

    private static final String SICK = "sick";
    private static final String WELL = "well";
    private static final Duration HOUR = Duration.ofHours(1);

    final MutableClock clock = new MutableClock();
    Store store;
    private TestRuns runs;

    abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        runs = process();
        serve(runs, register(SICK), 1);
        serve(runs, register(WELL), 2);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({"state, CONFUSED", "declared_by, NOBODY"})
    void aRowThatCannotBeReadAtTheStartStopsNobodyElse(String column, String value) {
        damage("UPDATE collection SET " + column + " = '" + value + "' WHERE name = 'sick'");
        TestRuns next = process();

        Registered registered = next.registrations.register(List.of(registration(SICK), registration(WELL)));
        registered.unreadable().forEach(next.pipeline::quarantine);

        assertThat(registered.schedules()).containsOnlyKeys(WELL);
        assertThat(next.pipeline.quarantined()).containsOnlyKeys(SICK);
        assertThat(next.pipeline.quarantined().get(SICK))
                .contains("'sick'", "table 'collection'", "'" + column + "'", "'" + value + "'");
        assertThat(next.events.all(CollectionQuarantined.class)).hasSize(1);
        CollectionRecord shown = next.record(SICK);
        assertThat(shown.state()).isEqualTo(CollectionState.QUARANTINED);
        assertThat(shown.anchor()).isEqualTo(MutableClock.START);
        assertThat(shown.counters().succeeded()).isEqualTo(1);
        assertThat(next.record(WELL).state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void aRowThatIsDamagedWhileTheServiceRunsIsNoticedAtTheNextDecision() {
        ScheduledCollection sick = register(SICK);
        ScheduledCollection well = register(WELL);
        damage("UPDATE collection SET declared_by = 'NOBODY' WHERE name = 'sick'");
        clock.advance(HOUR);

        for (int i = 0; i < 3; i++) {
            assertThat(runs.wake(sick)).isEmpty();
        }
        serve(runs, well, 3);

        assertThat(runs.events.all(CollectionQuarantined.class))
                .extracting(CollectionQuarantined::collection)
                .containsExactly(SICK);
        assertThat(TestRuns.newest(runs.history, SICK, 10)).hasSize(1);
        assertThat(TestRuns.newest(runs.history, WELL, 10)).hasSize(2);
        assertThat(runs.pipeline.quarantined()).containsOnlyKeys(SICK);
    }

    @Test
    void nothingIsStartedOnDemandEither() {
        ScheduledCollection sick = register(SICK);
        damage("UPDATE collection SET state = 'CONFUSED' WHERE name = 'sick'");

        assertThatThrownBy(() -> runs.pipeline.demand(sick, TestRuns.CAUSE))
                .isInstanceOf(QuarantinedException.class)
                .hasMessageStartingWith("collection 'sick' is quarantined: the row 'sick' of table 'collection'")
                .hasMessageEndingWith("correct or delete that row, and start the service again");

        assertThat(TestRuns.newest(runs.history, SICK, 10)).hasSize(1);
        assertThat(runs.pipeline.demand(register(WELL), TestRuns.CAUSE)).isPresent();
    }

    @Test
    void anUnfinishedRunThatCannotBeReadQuarantinesItsCollectionAlone() {
        ScheduledCollection sick = register(SICK);
        clock.advance(HOUR);
        Run run = runs.ledger.claimDemand(sick, 1, TestRuns.CAUSE).orElseThrow();
        damage("UPDATE run SET kind = 'WHIM' WHERE id = '" + run.id() + "'");
        TestRuns next = process();
        Registered registered = next.registrations.register(List.of(registration(SICK), registration(WELL)));
        next.pipeline.abandonRetired();

        assertThat(registered.schedules()).containsOnlyKeys(SICK, WELL);
        assertThat(next.history.active()).isEmpty();
        assertThat(next.wake(sick)).isEmpty();

        assertThat(next.pipeline.quarantined().get(SICK)).contains("table 'run'", run.id(), "'WHIM'");
        serve(next, register(WELL), 1);
        assertThat(next.record(SICK).state()).isEqualTo(CollectionState.QUARANTINED);
    }

    @Test
    void aRetiredRunOfWhichAnAttemptCannotBeReadIsLeftAsItIs() {
        ScheduledCollection sick = register(SICK);
        clock.advance(HOUR);
        Run run = runs.ledger.claimDemand(sick, 1, TestRuns.CAUSE).orElseThrow();
        runs.ledger.startAttempt(run);
        damage("INSERT INTO attempt (run_id, number, instance, started_at, finished_at, outcome) VALUES ('" + run.id()
                + "', 1, 'x', 1, 1, 'LOST')");
        runs.registrations.retireAllBut(Set.of(WELL));
        TestRuns next = process();

        next.pipeline.abandonRetired();

        assertThat(next.history.run(run.id())).get().extracting(Run::isFinished).isEqualTo(false);
    }

    @Test
    void aCollectionThatIsDeclaredNoMoreIsRetiredWhateverItsRowHolds() {
        damage("UPDATE collection SET declared_by = 'NOBODY' WHERE name = 'sick'");

        runs.registrations.retireAllBut(Set.of(WELL));

        String state = store.read(jdbc -> jdbc.sql("SELECT state FROM collection WHERE name = 'sick'")
                .query(String.class)
                .single());
        assertThat(state).isEqualTo("RETIRED");
        assertThat(runs.record(WELL).state()).isEqualTo(CollectionState.ACTIVE);
    }

    @Test
    void aRowThatWasCorrectedIsFollowedFromTheNextStartOn() {
        ScheduledCollection sick = register(SICK);
        damage("UPDATE collection SET declared_by = 'NOBODY' WHERE name = 'sick'");
        runs.wake(sick);
        damage("UPDATE collection SET declared_by = 'CONFIGURATION' WHERE name = 'sick'");
        clock.advance(HOUR.multipliedBy(5).plusMinutes(30));
        TestRuns next = process();

        sick = register(next, SICK);

        assertThat(next.record(SICK).state()).isEqualTo(CollectionState.ACTIVE);
        assertThat(next.record(SICK).anchor()).isEqualTo(MutableClock.START);
        assertThat(next.record(SICK).counters().runs()).isEqualTo(1);
        assertThat(next.wake(sick))
                .as("nothing to make up for")
                .contains(clock.instant().plus(Duration.ofMinutes(30)));
    }

    @Test
    void aRowThatWasDeletedIsMadeAnew() {
        damage("DELETE FROM collection WHERE name = 'sick'");
        clock.advance(HOUR.multipliedBy(5));
        TestRuns next = process();

        register(next, SICK);

        assertThat(next.record(SICK).anchor()).isEqualTo(clock.instant());
        assertThat(TestRuns.newest(next.history, SICK, 10)).as("its history").hasSize(1);
    }

    private TestRuns process() {
        return new TestRuns(store, clock, new MutableTicker(), 2);
    }

    private ScheduledCollection register(String name) {
        return register(runs, name);
    }

    private static ScheduledCollection register(TestRuns process, String name) {
        return process.register(name, TestCollector.succeeding());
    }

    private static Registration registration(String name) {
        return new Registration(
                name,
                "probe",
                CollectionState.ACTIVE,
                DeclaredBy.CONFIGURATION,
                anchor -> new Rhythm.Interval(HOUR).schedule(anchor, Duration.ZERO),
                "test");
    }

    private void serve(TestRuns process, ScheduledCollection collection, int freed) {
        process.wake(collection);
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> process.events.all(CollectionFreed.class).size() >= freed);
    }

    final void damage(String sql) {
        store.write(jdbc -> jdbc.sql(sql).update());
    }

    /** Why it is quarantined after a decision that follows that damage; empty when it is not. */
    final Optional<String> quarantinedBy(String damage) {
        ScheduledCollection sick = register(SICK);
        damage(damage);
        runs.wake(sick);
        return Optional.ofNullable(runs.pipeline.quarantined().get(SICK));
    }

    final CollectionRecord recordOfSick() {
        return runs.record(SICK);
    }
}
