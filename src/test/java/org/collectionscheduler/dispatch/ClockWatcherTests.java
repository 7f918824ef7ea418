package org.collectionscheduler.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.run.ScheduledCollection;
import org.collectionscheduler.store.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockWatcherTests {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final MutableClock clock = new MutableClock();
    private final MutableTicker ticker = new MutableTicker();
    private final CountingDispatcher dispatcher = new CountingDispatcher();
    private final ManualTimer timer = new ManualTimer();
    private final ClockWatcher watcher = new ClockWatcher(dispatcher, clock, ticker, timer);

    @BeforeEach
    void start() {
        watcher.start();
    }

    @AfterEach
    void stop() {
        watcher.stop();
        timer.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT6H", "PT-6H", "PT3S", "PT-3S"})
    void aStepOfTheWallClockSetsTheTimersAnewOnce(Duration step) {
        pass(PERIOD, PERIOD);
        timer.tick();
        assertThat(dispatcher.rearmed).isZero();

        pass(PERIOD.plus(step), PERIOD);
        timer.tick();
        assertThat(dispatcher.rearmed).isEqualTo(1);

        pass(PERIOD, PERIOD);
        timer.tick();
        assertThat(dispatcher.rearmed).isEqualTo(1);
    }

    @Test
    void theLastStepIsRememberedWithItsSize() {
        pass(PERIOD, PERIOD);
        timer.tick();
        assertThat(watcher.stepWithin(Duration.ofDays(1))).isEmpty();
        pass(PERIOD.plusHours(6), PERIOD);
        timer.tick();
        ClockWatcher.ClockStep step = new ClockWatcher.ClockStep(Duration.ofHours(6), clock.instant());
        assertThat(watcher.stepWithin(Duration.ofMinutes(10))).contains(step);
        pass(PERIOD, PERIOD);
        timer.tick();
        assertThat(watcher.stepWithin(PERIOD)).contains(step);
        assertThat(watcher.stepWithin(PERIOD.minusNanos(1))).isEmpty();
    }

    @Test
    void aSleepOfTheMachineSetsTheTimersAnew() {
        pass(Duration.ofHours(8), Duration.ofSeconds(1));
        timer.tick();

        assertThat(dispatcher.rearmed).isEqualTo(1);
    }

    @Test
    void aLookIsSoonEnough() {
        assertThat(timer.period).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    void slewingAndALateLookChangeNothing() {
        for (int i = 0; i < 1000; i++) {
            pass(PERIOD.plusMillis(5), PERIOD);
            timer.tick();
        }
        pass(Duration.ofMinutes(3), Duration.ofMinutes(3));
        timer.tick();

        assertThat(dispatcher.rearmed).isZero();
    }

    @Test
    void aFailureToSetThemEndsNeitherTheWatchingNorTheWish() {
        dispatcher.failure = new IllegalStateException("no");
        pass(Duration.ofHours(6), PERIOD);
        timer.tick();
        assertThat(dispatcher.rearmed).isEqualTo(1);
        assertThatThrownBy(watcher::compare).as("without a further step").isSameAs(dispatcher.failure);

        dispatcher.failure = null;
        timer.tick();
        assertThat(dispatcher.rearmed).isEqualTo(3);
        timer.tick();
        assertThat(dispatcher.rearmed).isEqualTo(3);
    }

    private void pass(Duration wall, Duration monotonic) {
        clock.advance(wall);
        ticker.advance(monotonic);
    }

    private static final class CountingDispatcher implements Dispatcher {

        private int rearmed;
        private @org.jspecify.annotations.Nullable RuntimeException failure;

        @Override
        public String engine() {
            return "counting";
        }

        @Override
        public void start(Collection<ScheduledCollection> collections) {}

        @Override
        public void add(ScheduledCollection collection) {}

        @Override
        public void remove(String collection) {}

        @Override
        public void rearm() {
            rearmed++;
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void stop() {}
    }

    /** Runs its one periodic task when a test says so, and would not go on after an exception. */
    private static final class ManualTimer extends ScheduledThreadPoolExecutor {

        private Runnable task = () -> {};
        private Duration period = Duration.ZERO;

        ManualTimer() {
            super(1);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
            task = command;
            period = Duration.of(delay, unit.toChronoUnit());
            return super.schedule(() -> {}, 1, TimeUnit.DAYS);
        }

        void tick() {
            task.run();
        }
    }
}
