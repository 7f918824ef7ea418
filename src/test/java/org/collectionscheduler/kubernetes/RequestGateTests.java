package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestGateTests {

    private static final TestContext PATIENT = TestContext.lasting(Duration.ofHours(1));

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void spacesTurnsEvenly() throws Exception {
        RequestGate gate = new RequestGate(1, nanos::get);

        List<Duration> turns = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            turns.add(gate.turn(PATIENT));
        }

        for (int i = 0; i < turns.size(); i++) {
            assertThat(turns.get(i)).isEqualTo(Duration.ofSeconds(i));
        }
        advance(Duration.ofSeconds(99));
        assertThat(gate.turn(PATIENT)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void holdsEverybodyForAsLongAsTheServerAsks() throws Exception {
        RequestGate gate = new RequestGate(10_000, nanos::get);

        gate.hold(Duration.ofSeconds(20));
        gate.hold(Duration.ofSeconds(3));
        assertThat(gate.turn(PATIENT)).isEqualTo(Duration.ofSeconds(20));
        assertThatThrownBy(() -> gate.turn(TestContext.lasting(Duration.ofSeconds(5))))
                .isInstanceOf(ApiException.class);

        gate.hold(Duration.ofHours(1));
        assertThat(gate.turn(PATIENT)).isEqualTo(Duration.ofSeconds(30));
        advance(Duration.ofSeconds(30));
        assertThat(gate.turn(PATIENT)).isZero();
    }

    @Test
    void doesNotLetAnAttemptWaitForATurnBeyondItsEnd() throws Exception {
        RequestGate gate = new RequestGate(1, nanos::get);
        gate.turn(PATIENT);
        gate.turn(PATIENT);

        assertThatThrownBy(() -> gate.turn(TestContext.lasting(Duration.ofMillis(200))))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.kind().endsAttempt()).isTrue())
                .hasMessageContainingAll("scheduler.kubernetes.requests-per-second, which is 1", "timeout");
    }

    @Test
    void hasFourPlaces() throws Exception {
        RequestGate gate = new RequestGate(20, nanos::get);
        List<RequestGate.Place> places = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            places.add(gate.enter(PATIENT));
        }

        assertThatThrownBy(() -> gate.enter(TestContext.lasting(Duration.ofMillis(20))))
                .isInstanceOf(ApiException.class);
        places.get(2).close();

        gate.enter(TestContext.lasting(Duration.ofMillis(20))).close();
    }

    @Test
    void knowsHowLongManyRequestsTake() {
        assertThat(new RequestGate(20, nanos::get).timeFor(1_000)).isEqualTo(Duration.ofSeconds(50));
        assertThat(new RequestGate(10_000, nanos::get).timeFor(1)).isEqualTo(Duration.ofNanos(100_000));
    }

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }
}
