package org.collectionscheduler.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Section;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class ProbeRunnerTests {

    private static final String SECRET = "4f1c0ffee";

    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicInteger readings = new AtomicInteger();
    private final CollectionContext context = new TestContext();
    private final ProbeRunner impatient = new ProbeRunner(Duration.ofMillis(200));
    private final ProbeRunner patient = new ProbeRunner(Duration.ofMinutes(5));

    @AfterEach
    void releaseWhatHangs() {
        release.countDown();
    }

    @Test
    void aProbeThatThrowsCostsItsSectionOnly() throws Exception {
        Collected collected = collector(patient, throwing("broken", new IllegalStateException(SECRET)), whole("memory"))
                .collect(context);

        assertThat(collected.data().get("memory")).isEqualTo("value");
        assertThat(collected.data().keySet()).doesNotContain("broken");
        assertThat(Parts.section(collected, "broken").status()).isEqualTo(Section.Status.UNAVAILABLE);
        assertThat(Parts.section(collected, "broken").reason()).contains("IllegalStateException");
        assertThat(Parts.section(collected, "memory")).isEqualTo(Section.ok());
        assertThat(collected.full()).isFalse();
        assertThat(collected.nothing()).isFalse();
    }

    @Test
    void aProbeThatThrowsAnErrorCostsItsSectionOnly() throws Exception {
        Collected collected = collector(patient, throwing("broken", new UnsatisfiedLinkError(SECRET)), whole("memory"))
                .collect(context);

        assertThat(Parts.section(collected, "broken").reason()).contains("UnsatisfiedLinkError");
        assertThat(collected.data().get("memory")).isEqualTo("value");
    }

    @Test
    void theMessageOfAFailureIsNeitherInTheReasonNorInTheLog(CapturedOutput output) throws Exception {
        Finding finding = patient.run(throwing("broken", new IllegalStateException(SECRET)), context);

        assertThat(finding.section().reason()).doesNotContain(SECRET);
        assertThat(output.getAll()).contains("Host probe failed").doesNotContain(SECRET);
    }

    @Test
    void anExhaustedHeapIsNotTheProbesAffair() {
        OutOfMemoryError exhausted = new OutOfMemoryError("made by a test");

        assertThatThrownBy(() -> patient.run(throwing("broken", exhausted), context))
                .isSameAs(exhausted);
    }

    @Test
    void aProbeThatHangsIsLeftBehindAndNotStartedAgain() throws Exception {
        Collector collector = collector(impatient, hanging("mounts"), whole("memory"));

        Collected first = collector.collect(context);
        Collected second = collector.collect(context);
        Duration soonest = Duration.ofDays(1);
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            collector.collect(context);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            soonest = took.compareTo(soonest) < 0 ? took : soonest;
        }

        assertThat(Parts.section(first, "mounts").reason()).isEqualTo("no answer within 200 ms");
        assertThat(first.data().get("memory")).isEqualTo("value");
        assertThat(Parts.section(second, "mounts").reason()).contains("still hangs");
        assertThat(second.data().get("memory")).isEqualTo("value");
        assertThat(soonest).as("nobody waits for it again").isLessThan(Duration.ofMillis(200));
        assertThat(readings).hasValue(1);
        assertThat(threads("host-probe-mounts"))
                .singleElement()
                .satisfies(thread -> assertThat(thread.isDaemon()).isTrue());
    }

    @Test
    void aProbeThatComesBackLateIsReadAgain() throws Exception {
        Probe probe = hanging("mounts");
        assertThat(impatient.run(probe, context).section().status()).isEqualTo(Section.Status.UNAVAILABLE);

        release.countDown();

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(impatient.run(probe, context).section()).isEqualTo(Section.ok()));
        assertThat(readings.get()).isGreaterThan(1);
    }

    @Test
    void aProbeNeverTakesMoreThanTheAttemptHasLeft() throws Exception {
        assertThat(patient.run(hanging("mounts"), new TestContext(Duration.ofMillis(50)))
                        .section()
                        .reason())
                .isEqualTo("no answer within 50 ms");
        assertThat(patient.run(whole("memory"), new TestContext(Duration.ZERO))
                        .section()
                        .reason())
                .contains("no time was left");
    }

    @Test
    void anInterruptEndsTheCollectionPromptly() throws Exception {
        AtomicReference<Throwable> ending = new AtomicReference<>();
        Collector collector = collector(patient, hanging("mounts"), whole("memory"));
        Thread thread = new Thread(() -> {
            try {
                collector.collect(context);
            } catch (Throwable e) {
                ending.set(e);
            }
        });
        thread.start();
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();

        thread.interrupt();
        thread.join(Duration.ofSeconds(10).toMillis());

        assertThat(thread.isAlive()).isFalse();
        assertThat(ending.get()).isInstanceOf(InterruptedException.class);
        assertThat(patient.run(hanging("mounts"), context).section().reason()).contains("still hangs");
    }

    @Test
    void aThreadThatIsInterruptedBeforehandStartsNoProbe() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> patient.run(hanging("mounts"), context)).isInstanceOf(InterruptedException.class);
        assertThat(readings).hasValue(0);
    }

    @Test
    void theIdentityFallsBackToTheDeploymentAndSaysSo() throws Exception {
        Collector collector = new HostCollector(
                "resource-inventory",
                Duration.ofMinutes(30),
                throwing("machine-id", new IllegalStateException(SECRET)),
                List.of(whole("memory")),
                List.of(),
                patient);

        Collected collected = collector.collect(context);

        assertThat(collected.data().get("clusterIdSource")).isEqualTo("deployment");
        assertThat((String) collected.data().get("clusterId")).matches("cls_[0-9a-f]{32}");
        assertThat(Parts.section(collected, "machine-id").status()).isEqualTo(Section.Status.UNAVAILABLE);
    }

    private static Collector collector(ProbeRunner runner, Probe... probes) {
        MachineIdentity identity = MachineIdentity.ofDeployment(TestContext.PSEUDONYMS);
        return new HostCollector(
                "resource-inventory",
                Duration.ofMinutes(30),
                Probe.of("machine-id", "clusterId", () -> identity),
                List.of(probes),
                List.of(),
                runner);
    }

    private static Probe whole(String name) {
        return Probe.of(name, name, () -> "value");
    }

    private static Probe throwing(String name, Throwable failure) {
        return new Probe(name, name, pseudonyms -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        });
    }

    /** Ignores interrupts, as a system call on a dead mount does, until the test ends. */
    private Probe hanging(String name) {
        return Probe.of(name, name, () -> {
            readings.incrementAndGet();
            started.countDown();
            boolean released = false;
            while (!released) {
                try {
                    released = release.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException ignored) {
                    released = false;
                }
            }
            return "late";
        });
    }

    private static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }
}
