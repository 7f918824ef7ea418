package org.collectionscheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.TransientDataAccessResourceException;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes that meet behind one that takes long. */
@Timeout(30)
class CoalescerTests {

    private static final Clock CLOCK = new MutableClock();

    /** The databases that a group must work on, with one connection each. */
    private enum Database {
        SQLITE,
        POSTGRESQL
    }

    private final Map<Store, UnreliableDataSource> databases = new IdentityHashMap<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    /** What is under way on a thread of its own. */
    private static final class Writing<T> {

        private final FutureTask<T> task;
        private final Thread thread;

        private Writing(Callable<T> work) {
            task = new FutureTask<>(work);
            thread = new Thread(task, "writing");
            thread.setDaemon(true);
        }

        static <T> Writing<T> start(Callable<T> work) {
            Writing<T> writing = new Writing<>(work);
            writing.thread.start();
            return writing;
        }

        static <T> Writing<T> start(Store store, Function<JdbcClient, T> work) {
            return start(() -> store.write(work));
        }

        Writing<T> waiting() {
            await().pollInterval(Duration.ofMillis(1)).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            return this;
        }

        T outcome() throws ExecutionException {
            try {
                return task.get(20, TimeUnit.SECONDS);
            } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
                throw new AssertionError("no outcome", e);
            }
        }
    }

    @AfterEach
    void close() {
        release.countDown();
        databases.keySet().forEach(Store::close);
    }

    @ParameterizedTest
    @EnumSource
    void writesThatMeetShareACommitInTheOrderOfTheirArrival(Database database) throws Exception {
        Store store = open(database);
        int before = database(store).commits();
        Writing<Integer> first = holding(store);
        List<Writing<Long>> others = IntStream.range(0, 20)
                .mapToObj(i -> Writing.start(store, jdbc -> {
                            insert(jdbc, "id-" + i);
                            return count(jdbc);
                        })
                        .waiting())
                .toList();

        release.countDown();

        assertThat(first.outcome()).isEqualTo(1);
        for (int i = 0; i < others.size(); i++) {
            assertThat(others.get(i).outcome()).as("rows up to its own").isEqualTo(i + 2L);
        }
        // A group that takes long takes no more in: a few more commits on a busy machine, but not one for each write.
        assertThat(database(store).commits() - before).isBetween(2, 19);
        assertThat(count(store)).isEqualTo(21);
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeUndoesNothingOfTheOthersAndIsToldToItsOwnCallerOnly(Database database) throws Exception {
        Store store = open(database);
        holding(store);
        List<Writing<Integer>> good = new ArrayList<>();
        List<Writing<Integer>> bad = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String id = "good-" + i;
            good.add(Writing.start(store, jdbc -> insert(jdbc, id)).waiting());
            Function<JdbcClient, Integer> mistake = mistakes().get(i % 3);
            bad.add(Writing.start(store, jdbc -> {
                        runs.incrementAndGet();
                        return insert(jdbc, id + "-bad") + mistake.apply(jdbc);
                    })
                    .waiting());
        }
        int before = database(store).commits();

        release.countDown();

        for (int i = 0; i < 6; i++) {
            assertThat(good.get(i).outcome()).isEqualTo(1);
            Throwable told = failure(bad.get(i));
            assertThat(told).isNotInstanceOf(StoreUnavailableException.class);
            assertThat(told.toString())
                    .contains(List.of("thought", "nonsense", "AssertionError").get(i % 3));
        }
        assertThat(database(store).commits() - before).isBetween(2, 12);
        assertThat(runs).as("runs of mistakes: in a group, and alone").hasValueBetween(6, 12);
        assertThat(store.read(CoalescerTests::ids)).hasSize(7).noneMatch(id -> id.endsWith("-bad"));
        assertThat(store.status().isWritable()).isTrue();
    }

    private static List<Function<JdbcClient, Integer>> mistakes() {
        return List.of(
                jdbc -> {
                    throw new IllegalStateException("on second thought");
                },
                jdbc -> jdbc.sql("UPDATE nonsense SET a = 1").update(),
                jdbc -> {
                    throw new AssertionError("an error");
                });
    }

    @ParameterizedTest
    @EnumSource
    void writesOfOneKindThatMeetAreMadeTogetherAndEachHasItsOwnResult(Database database) throws Exception {
        Store store = open(database);
        holding(store);
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        Batch<String, String> change = (jdbc, batches, ids) -> {
            sizes.add(ids.size());
            insert(batches, ids);
            return ids.stream().map(id -> id + " is in").toList();
        };
        List<Writing<String>> alike = new ArrayList<>();
        List<Writing<Integer>> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String id = "id-" + i;
            alike.add(Writing.start(() -> store.write(change, id)).waiting());
            others.add(Writing.start(store, jdbc -> insert(jdbc, "other-" + id)).waiting());
        }

        release.countDown();

        for (int i = 0; i < 20; i++) {
            assertThat(alike.get(i).outcome()).isEqualTo("id-" + i + " is in");
            assertThat(others.get(i).outcome()).isEqualTo(1);
        }
        assertThat(sizes).hasSizeLessThan(10);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
        assertThat(count(store)).isEqualTo(41);
    }

    @ParameterizedTest
    @EnumSource
    void aMistakeAmongWritesOfOneKindIsToldToItsOwnCallerOnly(Database database) throws Exception {
        Store store = open(database);
        holding(store);
        Batch<String, Integer> change = (jdbc, batches, ids) -> {
            insert(batches, ids);
            if (ids.contains("bad")) {
                throw new IllegalStateException("on second thought");
            }
            return ids.stream().map(String::length).toList();
        };
        Writing<Integer> good = Writing.start(() -> store.write(change, "good")).waiting();
        Writing<Integer> bad = Writing.start(() -> store.write(change, "bad")).waiting();
        Writing<Integer> better =
                Writing.start(() -> store.write(change, "better")).waiting();

        release.countDown();

        assertThat(good.outcome()).isEqualTo(4);
        assertThat(better.outcome()).isEqualTo(6);
        assertThat(failure(bad)).hasMessageContaining("thought");
        assertThat(store.read(CoalescerTests::ids)).containsExactlyInAnyOrder("first", "good", "better");
    }

    private static void insert(NamedParameterJdbcOperations batches, List<String> ids) {
        batches.batchUpdate(
                "INSERT INTO payload (id, collection, run_id, created_at, bytes, content) VALUES (:id, 'a', 'b', 0, 0, '')",
                ids.stream().map(id -> new MapSqlParameterSource("id", id)).toArray(SqlParameterSource[]::new));
    }

    @ParameterizedTest
    @EnumSource
    void whatTheDatabaseRefusesDoesNotKeepTheOthersFromBeingWritten(Database database) throws Exception {
        Store store = open(database);
        holding(store);
        Writing<Integer> before =
                Writing.start(store, jdbc -> insert(jdbc, "before")).waiting();
        Writing<Integer> tooBig = Writing.<Integer>start(store, jdbc -> {
                    insert(jdbc, "too-big");
                    throw new TransientDataAccessResourceException("no room for it");
                })
                .waiting();
        Writing<Integer> after =
                Writing.start(store, jdbc -> insert(jdbc, "after")).waiting();

        release.countDown();

        assertThat(before.outcome()).isEqualTo(1);
        assertThat(after.outcome()).isEqualTo(1);
        assertThat(failure(tooBig))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("no room for it");
        assertThat(store.read(CoalescerTests::ids)).containsExactlyInAnyOrder("first", "before", "after");
    }

    @ParameterizedTest
    @EnumSource
    void aCommitWithoutAcknowledgementIsTriedAgainByEveryMember(Database database) throws Exception {
        Store store = open(database);
        Writing<Integer> first = holding(store);
        List<Writing<Integer>> others = IntStream.range(0, 5)
                .mapToObj(i -> Writing.start(store, jdbc -> {
                            runs.incrementAndGet();
                            return ids(jdbc).contains("id-" + i) ? 2 : insert(jdbc, "id-" + i);
                        })
                        .waiting())
                .toList();
        database(store).loseAcknowledgements(2);

        release.countDown();

        assertThat(failure(first)).as("it does not recognize its row").hasMessageContaining("payload");
        int recognized = 0;
        for (Writing<Integer> other : others) {
            recognized += other.outcome() - 1;
        }
        assertThat(others.get(0).outcome()).as("recognized at the second time").isEqualTo(2);
        assertThat(runs).as("once more for each that was recognized").hasValue(5 + recognized);
        assertThat(count(store)).isEqualTo(6);
    }

    @Test
    void aGroupIsBounded() throws Exception {
        Store store = open(Database.SQLITE);
        holding(store);
        List<Writing<Integer>> others = IntStream.range(0, 150)
                .mapToObj(i ->
                        Writing.start(store, jdbc -> insert(jdbc, "id-" + i)).waiting())
                .toList();
        int before = database(store).commits();

        release.countDown();

        for (Writing<Integer> other : others) {
            assertThat(other.outcome()).isEqualTo(1);
        }
        assertThat(database(store).commits() - before).isBetween(3, 100);
    }

    @Test
    void anInterruptedWriteIsTakenBackWhileItsTurnHasNotCome() throws Exception {
        Store store = open(Database.SQLITE);
        Writing<Integer> first = holding(store);
        Writing<Integer> interrupted =
                Writing.start(store, jdbc -> insert(jdbc, "interrupted")).waiting();
        Writing<Integer> other =
                Writing.start(store, jdbc -> insert(jdbc, "other")).waiting();

        interrupted.thread.interrupt();

        assertThat(failure(interrupted)).isInstanceOf(StoreUnavailableException.class);
        assertThat(store.status().isWritable()).as("for all that one knows").isTrue();
        release.countDown();
        assertThat(first.outcome()).isEqualTo(1);
        assertThat(other.outcome()).isEqualTo(1);
        assertThat(store.read(CoalescerTests::ids)).containsExactlyInAnyOrder("first", "other");
    }

    @Test
    void anInterruptedMemberOfAGroupLearnsHowItEnded() throws Exception {
        Store store = open(Database.SQLITE);
        holding(store);
        Writing<Integer> leader =
                Writing.start(store, jdbc -> insert(jdbc, "leader")).waiting();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Writing<Boolean> member = Writing.start(() -> {
                    store.write(jdbc -> {
                        taken.countDown();
                        return insert(jdbc, "member") + passed(end);
                    });
                    return Thread.currentThread().isInterrupted();
                })
                .waiting();
        release.countDown();
        assertThat(taken.await(5, TimeUnit.SECONDS)).isTrue();

        member.thread.interrupt();
        end.countDown();

        assertThat(member.outcome()).as("still interrupted").isTrue();
        assertThat(leader.outcome()).isEqualTo(1);
        assertThat(count(store)).isEqualTo(3);
    }

    @Test
    void anInterruptedLeaderWritesForTheOthers() throws Exception {
        Store store = open(Database.SQLITE);
        CountDownLatch begun = new CountDownLatch(1);
        Writing<Boolean> leader = Writing.start(() -> {
            Thread.currentThread().interrupt();
            store.write(jdbc -> {
                begun.countDown();
                return insert(jdbc, "leader") + passed(release);
            });
            return Thread.currentThread().isInterrupted();
        });
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        Writing<Integer> other =
                Writing.start(store, jdbc -> insert(jdbc, "other")).waiting();

        release.countDown();

        assertThat(leader.outcome()).as("still interrupted").isTrue();
        assertThat(other.outcome()).isEqualTo(1);
    }

    @Test
    void waitingForATurnAndForAGroupIsBounded() throws Exception {
        try (HikariDataSource pool = TestStores.pool(TestStores.unreliableDatabase(), 1)) {
            Coalescer commits = Coalescer.ofTransactions(pool, new ConnectionGate(pool), Duration.ofMillis(300));
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Writing<Integer> holding = Writing.start(() -> write(commits, () -> {
                begun.countDown();
                return passed(release);
            }));
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> write(commits, () -> 1))
                    .isInstanceOf(TransientDataAccessException.class)
                    .hasMessageContaining("turn did not come");

            Writing<Integer> leader =
                    Writing.start(() -> write(commits, () -> 1)).waiting();
            Writing<Integer> hanging =
                    Writing.start(() -> write(commits, () -> passed(end))).waiting();
            release.countDown();
            assertThat(failure(hanging))
                    .isInstanceOf(TransientDataAccessException.class)
                    .hasMessageContaining("not acknowledged");

            end.countDown();
            assertThat(holding.outcome()).isZero();
            assertThat(leader.outcome()).isEqualTo(1);
            assertThat(write(commits, () -> 2)).isEqualTo(2);
        }
    }

    @Test
    void whatWaitsBehindFewThatTakeLongIsMadeBesideThem() throws Exception {
        try (HikariDataSource pool = TestStores.pool(TestStores.unreliableDatabase(), 3)) {
            Coalescer commits = Coalescer.ofTransactions(pool, new ConnectionGate(pool), Duration.ofSeconds(10));
            CountDownLatch begun = new CountDownLatch(2);
            List<Writing<Integer>> slow = IntStream.range(0, 2)
                    .mapToObj(i -> Writing.start(() -> write(commits, () -> {
                        begun.countDown();
                        return passed(release);
                    })))
                    .toList();
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

            assertThat(write(commits, () -> 1)).isEqualTo(1);

            release.countDown();
            for (Writing<Integer> each : slow) {
                assertThat(each.outcome()).isZero();
            }
        }
    }

    @Test
    void aWriteWithinAWriteIsRefused() {
        Store store = open(Database.SQLITE);

        assertThatThrownBy(() -> store.write(jdbc -> store.write(inner -> insert(inner, "inner"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within another one");

        int written = store.write(jdbc -> insert(jdbc, "outer"));
        assertThat(written).isEqualTo(1);
    }

    @Test
    void writesThatMeetTheCloseSayWhetherTheyWereMade(@TempDir Path directory) throws Exception {
        Store store = TestStores.sqliteFile(directory, CLOCK);
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        List<Writing<Object>> writing = new ArrayList<>();
        CountDownLatch under = new CountDownLatch(100);
        for (int thread = 0; thread < 8; thread++) {
            String prefix = "thread-" + thread + "-";
            writing.add(Writing.start(() -> {
                for (int i = 0; ; i++) {
                    String id = prefix + i;
                    try {
                        store.write(jdbc -> insert(jdbc, id));
                    } catch (RuntimeException e) {
                        return e;
                    }
                    acknowledged.add(id);
                    under.countDown();
                }
            }));
        }
        assertThat(under.await(10, TimeUnit.SECONDS)).isTrue();

        store.close();

        for (Writing<Object> each : writing) {
            assertThat(each.outcome()).isNotNull();
        }
        try (Store again = TestStores.sqliteFile(directory, CLOCK)) {
            assertThat(again.read(CoalescerTests::ids)).containsAll(acknowledged);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofManyWritesWithMistakesExactlyTheOthersAreMade(Database database) throws Exception {
        Store store = open(database);
        store.write(jdbc -> insert(jdbc, "counter"));
        AtomicInteger made = new AtomicInteger();
        List<Writing<Integer>> writing = new ArrayList<>();
        for (int seed = 0; seed < 8; seed++) {
            Random random = new Random(seed);
            writing.add(Writing.start(() -> {
                for (int i = 0; i < 40; i++) {
                    boolean mistake = random.nextInt(4) == 0;
                    try {
                        store.write(jdbc -> addOne(jdbc, mistake));
                        made.incrementAndGet();
                    } catch (IllegalStateException expected) {
                        assertThat(mistake).isTrue();
                    }
                }
                return 1;
            }));
        }

        for (Writing<Integer> each : writing) {
            assertThat(each.outcome()).isEqualTo(1);
        }
        long counted = store.read(jdbc -> number(jdbc, "SELECT bytes FROM payload WHERE id = 'counter'"));
        assertThat(counted).isEqualTo(made.get() + 1);
    }

    private static int addOne(JdbcClient jdbc, boolean mistake) {
        int changed = jdbc.sql("UPDATE payload SET bytes = bytes + 1 WHERE id = 'counter'")
                .update();
        if (mistake) {
            throw new IllegalStateException("a mistake");
        }
        return changed;
    }

    private Store open(Database database) {
        boolean embedded = database == Database.SQLITE;
        UnreliableDataSource source = embedded ? TestStores.unreliableDatabase() : TestStores.unreliableServer(CLOCK);
        HikariDataSource pool = TestStores.pool(source, 1);
        Store store = new Store(pool, pool, () -> {}, CLOCK);
        databases.put(store, source);
        if (embedded) {
            TestStores.migrated(store);
        }
        return store;
    }

    private UnreliableDataSource database(Store store) {
        return Objects.requireNonNull(databases.get(store));
    }

    /** A write that keeps the only connection until it is released. */
    private Writing<Integer> holding(Store store) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Writing<Integer> holding = Writing.start(store, jdbc -> {
            begun.countDown();
            return insert(jdbc, "first") + passed(release);
        });
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        return holding;
    }

    private static int passed(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the leader of a group is not interrupted", e);
        }
    }

    private static Throwable failure(Writing<?> writing) {
        try {
            throw new AssertionError("written: " + writing.outcome());
        } catch (ExecutionException e) {
            return Objects.requireNonNull(e.getCause());
        }
    }

    private static int insert(JdbcClient jdbc, String id) {
        return jdbc.sql("""
                INSERT INTO payload (id, collection, run_id, created_at, bytes, content)
                VALUES (:id, 'c', 'r', 1, 1, 'x')
                """).param("id", id).update();
    }

    private static long count(Store store) {
        return store.read(CoalescerTests::count);
    }

    private static long count(JdbcClient jdbc) {
        return number(jdbc, "SELECT COUNT(*) FROM payload");
    }

    private static long number(JdbcClient jdbc, String sql) {
        return jdbc.sql(sql).query((row, number) -> row.getLong(1)).single();
    }

    private static Set<String> ids(JdbcClient jdbc) {
        return jdbc.sql("SELECT id FROM payload")
                .query((row, number) -> row.getString(1))
                .set();
    }

    @Test
    void nobodyWaitsForOneThatHasGivenUpInAGroupThatTookItIn() throws Exception {
        UnreliableDataSource database = TestStores.unreliableDatabase();
        try (HikariDataSource pool = TestStores.pool(database, 1)) {
            Coalescer commits = Coalescer.ofTransactions(pool, new ConnectionGate(pool), Duration.ofMillis(300));
            CountDownLatch holds = new CountDownLatch(1);
            CountDownLatch leads = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Writing<Integer> first = Writing.start(() -> write(commits, () -> {
                holds.countDown();
                return passed(release);
            }));
            assertThat(holds.await(5, TimeUnit.SECONDS)).isTrue();
            Writing<Integer> leader = Writing.start(() -> write(commits, () -> {
                        leads.countDown();
                        return passed(end);
                    }))
                    .waiting();
            Writing<Integer> impatient =
                    Writing.start(() -> write(commits, () -> 1)).waiting();
            release.countDown();
            first.outcome();
            assertThat(leads.await(5, TimeUnit.SECONDS)).isTrue();

            assertThat(failure(impatient)).hasMessageContaining("not acknowledged");
            end.countDown();

            assertThat(leader.outcome()).isZero();
            assertThat(write(commits, () -> 2)).isEqualTo(2);
        }
    }

    private static int write(Coalescer commits, Supplier<Integer> work) {
        return commits.make((jdbc, batches, single) -> List.of(work.get()), "alone");
    }
}
