package org.collectionscheduler.dispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.TestRuns;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What one instance finds out about its lease, at renewals that come when the test says so. */
@Timeout(60)
class MembershipTests {

    private static final ClusterProperties RARELY =
            new ClusterProperties(Duration.ofMinutes(10), Duration.ofSeconds(1), 4);

    private final DatabaseServer server = TestStores.server();
    private final Store store = TestStores.shared(server, Clock.systemUTC());
    private final HikariDataSource pool = server.hastyPool("engine", 4);
    private final WatchedDataSource database = new WatchedDataSource(pool);
    private final InstanceTable table = new InstanceTable(database, RARELY.lease());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Instance me = TestRuns.anInstance();
    private final String first = me.id();
    private final String second = first + "-2";
    private final Membership membership = new Membership(
            table, me, RARELY, new ClaimGate(), new Membership.Time(Clock.systemUTC(), System::nanoTime, timer));
    private final ClusterAgreement agreement = new ClusterAgreement(
            table,
            new ClusterCodeAgreement(new CodeDeclarationTable(database), membership),
            membership,
            new Notifications(server, database));
    private final AtomicBoolean cutOffOnce = new AtomicBoolean();
    private final List<String> followed = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws Exception {
        membership.start(new Membership.Reactions() {
            @Override
            public void leaseLost() {
                followed.add("lease lost");
            }

            @Override
            public void drain() {
                followed.add("drain");
            }

            @Override
            public void wakeAbandoned() {
                if (cutOffOnce.getAndSet(false)) {
                    throw new DataAccessResourceFailureException("cut off");
                }
                followed.add("wake abandoned");
            }

            @Override
            public void databaseIsBack() {
                followed.add("database is back");
            }
        });
        awaitRenewal();
        followed.clear();
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        pool.close();
        store.close();
    }

    @Test
    void aLostLeaseIsActedOnOnceWhenARenewalFindsIt() throws Exception {
        table.end(first);

        renew();
        renew();

        assertThat(me.id()).isEqualTo(second);
        assertThat(followed).containsExactly("lease lost", "wake abandoned");
    }

    @Test
    void aLostLeaseIsActedOnOnceWhenAReloadFindsItFirst() throws Exception {
        table.end(first);

        agreement.declare("anything");
        assertThat(me.id()).isEqualTo(second);
        assertThat(followed).isEmpty();
        renew();
        renew();

        assertThat(me.id()).isEqualTo(second);
        assertThat(followed).containsExactly("lease lost", "wake abandoned");
    }

    @Test
    void aDrainOutlivesAReload() throws Exception {
        table.drain(first);
        renew();
        assertThat(followed).containsExactly("drain", "wake abandoned");

        agreement.declare("anything");
        assertThat(draining()).containsExactly(first);
        renew();

        assertThat(draining()).containsExactly(first);
        assertThat(followed).as("drained once").containsExactly("drain", "wake abandoned", "wake abandoned");
    }

    @Test
    void aDrainIsFollowedAlthoughTheDatabaseGoesAwayMeanwhile() throws Exception {
        table.drain(first);
        cutOffOnce.set(true);

        renew();
        renew();

        assertThat(followed).containsExactly("drain", "database is back", "wake abandoned");
    }

    @Test
    void whoeverEndsAnotherTakesItsPermits() {
        Instance silent = TestRuns.anInstance();
        table.join(silent, null);
        silentFor(silent, RARELY.lease().multipliedBy(2));
        Membership often = new Membership(
                new InstanceTable(database, ClusterProcess.PROPERTIES.lease()),
                TestRuns.anInstance(),
                ClusterProcess.PROPERTIES,
                new ClaimGate(),
                new Membership.Time(Clock.systemUTC(), System::nanoTime, timer));
        JdbcClient.create(pool)
                .sql("UPDATE instance SET lease_ms = 1000 WHERE id = :id")
                .param("id", silent.id())
                .update();
        try (SharedPermits its = new SharedPermits(server, silent);
                SharedPermits others = new SharedPermits(server, TestRuns.anInstance())) {
            assertThat(its.tryAcquire("api", 1)).isPresent();

            often.join();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> others.tryAcquire("api", 1).isPresent());
        } finally {
            often.stop();
        }
    }

    @Test
    void aDrainOutlivesALostLease() throws Exception {
        table.drain(first);
        renew();
        table.end(first);

        renew();
        renew();

        assertThat(draining()).containsExactly(second);
    }

    @Test
    void oneThatIsDrainedComesToNoAgreement() throws Exception {
        agreement.whenItMayHaveChanged(() -> followed.add("agreement"));
        renew();
        assertThat(followed).containsExactly("wake abandoned", "agreement");
        table.drain(first);

        renew();

        assertThat(followed).containsOnlyOnce("agreement");
    }

    @Test
    void whatWasInForceWaitsForOneThatIsJustPuttingAnotherOneInForce() {
        agreement.isInForce("old");
        assertThat(agreement.declare("new")).isTrue();
        Instance other = TestRuns.anInstance();
        table.join(other, "old");

        assertThat(table.declare(other.id(), "old"))
                .as("in force still, but not for long")
                .isFalse();
        agreement.isInForce("new");

        assertThat(table.declare(other.id(), "old")).isFalse();
        assertThat(differing()).containsExactly(other.id() + " declares otherwise");
    }

    @Test
    void oneThatIsAloneChangesWhatIsInForceAtOnce() {
        assertThat(agreement.declare("old")).isTrue();
        agreement.isInForce("old");

        assertThat(agreement.declare("new")).isTrue();
        assertThat(agreement.declare("old")).as("the new one was not stored").isTrue();
    }

    @Test
    void whatItDiffersInIsKeptWhileItAsksAgain() {
        Instance other = TestRuns.anInstance();
        table.join(other, "old");
        agreement.isInForce("old");
        assertThat(agreement.declare("new")).isFalse();
        agreement.differs("changes late");

        assertThat(agreement.declare("new")).isFalse();

        assertThat(differing()).containsExactly(first + " changes late");
    }

    @Test
    void whatIsInForceIsFollowedBesideOneThatDiffers() {
        Instance other = TestRuns.anInstance();
        table.join(other, "old");
        agreement.isInForce("old");

        assertThat(agreement.declare("new")).isFalse();

        assertThat(table.declare(other.id(), "old")).isTrue();
        assertThat(differing()).containsExactly(first + " declares otherwise");
    }

    @Test
    void oneThatComesBackToAnotherConfigurationIsNotJustPuttingItsOwnInForce() throws Exception {
        assertThat(agreement.declare("old")).isTrue();
        table.end(first);
        agreement.isInForce("new");

        renew();

        Instance other = TestRuns.anInstance();
        table.join(other, "new");
        assertThat(table.declare(other.id(), "new")).isTrue();
        assertThat(differing()).containsExactly(second + " declares otherwise");
    }

    private List<String> differing() {
        return table.list().stream()
                .filter(instance -> instance.differs() != null)
                .map(instance -> instance.id() + " " + instance.differs())
                .toList();
    }

    @Test
    void oneThatStartsAgainAfterADrainTakesSomethingAgain() throws Exception {
        table.drain(first);
        renew();

        start();

        assertThat(draining()).isEmpty();
    }

    @Test
    void theDatabaseIsBackOnceAfterItDidNotAnswer() throws Exception {
        database.watch(sql -> {
            throw new SQLTransientConnectionException("away");
        });
        renew();
        renew();
        assertThat(followed).isEmpty();
        database.watchNoMore();

        renew();
        renew();

        assertThat(followed).containsExactly("database is back", "wake abandoned", "wake abandoned");
    }

    @Test
    void whileTheDatabaseIsAwayADrainWaitsForItsReturn() throws Exception {
        database.watch(sql -> {
            throw new SQLTransientConnectionException("away");
        });
        renew();

        assertThat(membership.draining()).isFalse();

        database.watchNoMore();
        renew();
        assertThat(draining()).containsExactly(first);
        assertThat(membership.draining()).isTrue();
    }

    @Test
    void whileTheDatabaseIsAwayAnEndDoesNotWaitForIt() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        database.watch(sql -> {
            asked.add(sql);
            throw new SQLTransientConnectionException("away");
        });
        renew();
        assertThat(asked).isNotEmpty();
        asked.clear();

        membership.stop();

        assertThat(asked).isEmpty();
    }

    @Test
    void renewalsOutliveAnError() {
        AtomicInteger errors = new AtomicInteger();
        AtomicInteger renewals = new AtomicInteger();
        Membership often = new Membership(
                table,
                TestRuns.anInstance(),
                ClusterProcess.PROPERTIES,
                new ClaimGate(),
                new Membership.Time(Clock.systemUTC(), System::nanoTime, timer));
        often.whenRenewed(renewals::incrementAndGet);
        often.join();
        database.watch(sql -> {
            errors.incrementAndGet();
            throw new StackOverflowError("a fault of the service");
        });
        await().until(() -> errors.get() > 0);
        int before = renewals.get();

        database.watchNoMore();

        await().until(() -> renewals.get() > before);
    }

    @Test
    void eachInstanceEndsWhenItsOwnLeaseHasPassedAndWasGivenTimeToComeBack() {
        Instance patient = TestRuns.anInstance();
        new InstanceTable(database, Duration.ofHours(1)).join(patient, null);

        silentFor(patient, Duration.ofMinutes(40));
        assertThat(table.expire(Duration.ofHours(2))).isEmpty();
        silentFor(patient, Duration.ofMinutes(70));
        assertThat(table.expire(Duration.ofMinutes(40))).isEmpty();
        assertThat(table.expire(Duration.ofMinutes(60))).containsExactly(patient.id());
    }

    @Test
    void oneOfAnOlderBuildHasTheLeaseOfWhoeverLooks() {
        Instance older = TestRuns.anInstance();
        table.join(older, null);
        JdbcClient.create(pool)
                .sql("UPDATE instance SET lease_ms = NULL WHERE id = :id")
                .param("id", older.id())
                .update();

        silentFor(older, RARELY.lease().minusMinutes(1));
        assertThat(table.expire(RARELY.lease())).isEmpty();
        silentFor(older, RARELY.lease().plusMinutes(1));
        assertThat(table.expire(RARELY.lease())).containsExactly(older.id());
    }

    private void silentFor(Instance instance, Duration silence) {
        JdbcClient.create(pool)
                .sql("UPDATE instance SET heartbeat_at = CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT) - :silence"
                        + " WHERE id = :id")
                .param("silence", silence.toMillis())
                .param("id", instance.id())
                .update();
    }

    @Test
    void attemptsThatOnesThatHaveEndedWereStuckInAreForgotten() {
        JdbcClient jdbc = JdbcClient.create(pool);
        Instance ended = TestRuns.anInstance();
        for (String instance : List.of(first, ended.id(), "unheard-of")) {
            jdbc.sql("INSERT INTO stuck_attempt (run_id, number, collection, instance) VALUES (:run, 1, 'any', :id)")
                    .param("run", "of " + instance)
                    .param("id", instance)
                    .update();
        }
        table.join(ended, null);
        table.end(ended.id());

        table.forgetEnded(Duration.ofHours(1));

        assertThat(jdbc.sql("SELECT instance FROM stuck_attempt")
                        .query(String.class)
                        .list())
                .containsExactly(first);
    }

    private List<String> draining() {
        return new ArrayList<>(table.list())
                .stream()
                        .filter(InstanceStatus::draining)
                        .map(InstanceStatus::id)
                        .toList();
    }

    private void renew() throws Exception {
        membership.lookSoon();
        awaitRenewal();
    }

    private void awaitRenewal() throws Exception {
        timer.submit(() -> {}).get(10, TimeUnit.SECONDS);
    }
}
