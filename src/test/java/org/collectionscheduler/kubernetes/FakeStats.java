package org.collectionscheduler.kubernetes;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what is asked and sent, and tells other processes at paths that no real server has. */
final class FakeStats {

    static final FakeHttpExchange.Meters UNCOUNTED = new FakeHttpExchange.Meters(bytes -> {}, bytes -> {});

    private final LongAdder requests = new LongAdder();
    private final LongAdder bytesWire = new LongAdder();
    private final LongAdder bytesDecoded = new LongAdder();

    FakeHttpExchange.Meters meters() {
        return new FakeHttpExchange.Meters(bytesDecoded::add, bytesWire::add);
    }

    void countRequest() {
        requests.increment();
    }

    long bytesWire() {
        return bytesWire.sum();
    }

    long bytesDecoded() {
        return bytesDecoded.sum();
    }

    /** @return null when the request is for somebody else */
    @Nullable FakeAnswer answer(FakeHttpExchange.Head head) {
        String request = head.method() + " " + head.path();
        if (request.equals("POST /fake/reset")) {
            requests.reset();
            bytesWire.reset();
            bytesDecoded.reset();
        } else if (!request.equals("GET /fake/stats")) {
            return null;
        }
        return FakeAnswer.json("{\"requests\":" + requests.sum() + ",\"bytesWire\":" + bytesWire.sum()
                + ",\"bytesDecoded\":" + bytesDecoded.sum() + "}\n");
    }
}
