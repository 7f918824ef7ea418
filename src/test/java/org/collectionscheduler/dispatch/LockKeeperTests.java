package org.collectionscheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.collectionscheduler.run.ClaimGate;
import org.collectionscheduler.settings.StartRefusedException;
import org.collectionscheduler.store.AdvisoryLock;
import org.collectionscheduler.store.AdvisoryLock.Mode;
import org.collectionscheduler.store.DatabaseServer;
import org.collectionscheduler.store.Store;
import org.collectionscheduler.store.TestStores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockKeeperTests {

    private final DatabaseServer server = TestStores.server();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void onlyOneIsAlone() {
        try (LockKeeper first = keeper(Mode.ALONE, new ClaimGate());
                LockKeeper second = keeper(Mode.ALONE, new ClaimGate());
                LockKeeper shared = keeper(Mode.SHARED, new ClaimGate())) {
            first.start();

            assertThatThrownBy(second::start)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("scheduler.engine")
                    .hasMessageContaining("another instance uses the database");
            assertThatThrownBy(shared::start)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("scheduler.engine=local uses the database");
        }
    }

    @Test
    void thoseThatShareKeepOutWhoWouldBeAlone() {
        try (LockKeeper one = keeper(Mode.SHARED, new ClaimGate());
                LockKeeper other = keeper(Mode.SHARED, new ClaimGate());
                LockKeeper alone = keeper(Mode.ALONE, new ClaimGate())) {
            one.start();
            other.start();
            assertThatThrownBy(alone::start).isInstanceOf(StartRefusedException.class);

            one.close();
            other.close();

            await().ignoreExceptions().until(() -> {
                alone.start();
                return true;
            });
        }
    }

    @Test
    void whoHasLostItClaimsNothingUntilItIsHeldAgain() {
        ClaimGate gate = new ClaimGate();
        try (LockKeeper keeper = keeper(Mode.ALONE, gate);
                LockKeeper other = keeper(Mode.ALONE, new ClaimGate());
                Store store = TestStores.shared(server, Clock.systemUTC())) {
            keeper.start();
            assertThat(gate.isOpen()).isTrue();
            cutOff(store);
            await().ignoreExceptions().until(() -> {
                other.start();
                return true;
            });

            keeper.keep();
            keeper.keep();

            assertThat(gate.reasons())
                    .hasValueSatisfying(new org.assertj.core.api.Condition<>(
                            why -> why.contains("lock on the database is lost"), "says why"));
            other.close();
            await().until(() -> {
                keeper.keep();
                return gate.isOpen();
            });
        }
    }

    @Test
    void itIsLookedAfterAlthoughAnErrorWasThrown() {
        AtomicInteger changes = new AtomicInteger();
        ClaimGate gate = new ClaimGate();
        gate.whenChanged(() -> {
            if (changes.incrementAndGet() == 1) {
                throw new StackOverflowError("a fault of the service");
            }
        });
        try (LockKeeper keeper = keeper(Mode.ALONE, gate);
                LockKeeper other = keeper(Mode.ALONE, new ClaimGate());
                Store store = TestStores.shared(server, Clock.systemUTC())) {
            keeper.start();
            cutOff(store);
            await().ignoreExceptions().until(() -> {
                other.start();
                return true;
            });
            await().until(() -> changes.get() == 1);

            other.close();

            await().until(gate::isOpen);
        }
    }

    private static void cutOff(Store store) {
        store.read(jdbc -> jdbc.sql("""
                SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                """).query((row, number) -> 1).list());
    }

    private LockKeeper keeper(Mode mode, ClaimGate gate) {
        return new LockKeeper(new AdvisoryLock(server, mode), gate, timer);
    }
}
