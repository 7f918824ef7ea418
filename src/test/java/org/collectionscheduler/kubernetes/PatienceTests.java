package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PatienceTests {

    private final AtomicLong nanos = new AtomicLong();
    private final Patience patience =
            new Patience(TestContext.lasting(Duration.ofHours(1)), RequestLimits.DEFAULTS, "list pods", nanos::get);

    @Test
    void aRequestThatTookItsWholeTimeIsWaitedForNoLonger() {
        nanos.addAndGet(RequestLimits.DEFAULTS.total().toNanos());

        assertThatThrownBy(() -> patience.await(new LinkedBlockingQueue<>()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("took longer than 120 s when asked to list pods");
        assertThatThrownBy(() -> patience.await(new CompletableFuture<>()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("took longer than 120 s when asked to list pods");
    }
}
