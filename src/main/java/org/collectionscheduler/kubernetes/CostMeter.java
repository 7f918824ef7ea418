package org.collectionscheduler.kubernetes;

import java.util.concurrent.atomic.LongAdder;
import org.collectionscheduler.collector.Cost;

/** Adds up what one attempt costs the API server. Safe for use by several threads. */
final class CostMeter {

    private final LongAdder requests = new LongAdder();
    private final LongAdder retries = new LongAdder();
    private final LongAdder bytesWire = new LongAdder();
    private final LongAdder bytesDecoded = new LongAdder();

    void request() {
        requests.increment();
    }

    void retry() {
        retries.increment();
    }

    void wire(long bytes) {
        bytesWire.add(bytes);
    }

    void decoded(long bytes) {
        bytesDecoded.add(bytes);
    }

    Cost cost() {
        return new Cost(requests.sum(), retries.sum(), bytesWire.sum(), bytesDecoded.sum());
    }
}
