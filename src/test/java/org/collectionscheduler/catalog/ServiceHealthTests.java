package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.awaitility.Awaitility;
import org.collectionscheduler.catalog.ServiceHealth.Level;
import org.collectionscheduler.dispatch.WakingProbe;
import org.collectionscheduler.run.MutableTicker;
import org.collectionscheduler.scenario.RunningService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceHealthTests {

    private final MutableTicker ticker = new MutableTicker();
    private final Queue<Runnable> sent = new ArrayDeque<>();

    @Test
    void aServiceThatWakesNothingIsDown(@TempDir Path directory) throws IOException {
        try (RunningService service = RunningService.start(directory, "--scheduler.store.type=memory")) {
            ServiceHealth health = health(service, new WakingProbe(sent::add, ticker));
            assertThat(health.isAlive()).isTrue();
            ticker.advance(Duration.ofMinutes(5));
            assertThat(health.isAlive()).isTrue();
            ticker.advance(Duration.ofMillis(1));
            assertThat(health.isAlive()).isFalse();
            assertThat(health.verdict()).satisfies(verdict -> {
                assertThat(verdict.level()).isEqualTo(Level.DOWN);
                assertThat(verdict.service())
                        .extracting(Trouble::rule, Trouble::problem)
                        .containsExactly(
                                tuple("dispatch", "no collection has been woken for 300 s; restart the service"));
            });
            assertThat(sent).as("one, and one more should that be lost").hasSize(2);
            sent.remove();
            sent.remove().run();
            assertThat(health.isAlive()).isTrue();
            assertThat(health.verdict().level()).isNotEqualTo(Level.DOWN);
        }
    }

    /** Ten thousand collections that are due at once keep the way busy for a long time. */
    @Test
    void aCollectionThatIsWokenIsAnAnswerToo() {
        WakingProbe probe = new WakingProbe(sent::add, ticker);
        probe.stalledFor();
        ticker.advance(Duration.ofMinutes(4));
        probe.woken();
        ticker.advance(Duration.ofMinutes(4));
        assertThat(probe.stalledFor()).isZero();
        ticker.advance(Duration.ofMinutes(6));
        assertThat(probe.stalledFor()).isEqualTo(Duration.ofMinutes(6));
    }

    @Test
    void whatTheProbeSendsArrivesInARunningService(@TempDir Path directory) throws IOException {
        try (RunningService service = RunningService.start(directory, "--scheduler.store.type=memory")) {
            WakingProbe probe = service.bean(WakingProbe.class);
            assertThat(probe.stalledFor()).isZero();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> probe.stalledFor().isZero());
        }
    }

    private ServiceHealth health(RunningService service, WakingProbe probe) {
        ServiceHealth.Sources real = service.bean(ServiceHealth.Sources.class);
        return new ServiceHealth(
                new ServiceHealth.Sources(
                        real.catalog(),
                        real.lifecycle(),
                        real.gate(),
                        real.instances(),
                        real.statistics(),
                        real.clockWatcher(),
                        probe,
                        real.store()),
                service.bean(HealthWatch.class),
                HealthPropertiesTests.bound(Map.of()),
                Clock.systemUTC(),
                ticker);
    }
}
