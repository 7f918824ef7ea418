package org.collectionscheduler.host;

import java.util.concurrent.Callable;
import org.collectionscheduler.collector.Pseudonyms;

/**
 * One part of the data, read on its own.
 *
 * @param section name of the section that says how the reading went
 * @param field name of the field in the data that gets the value
 * @param reading reads it; may block, may throw
 */
record Probe(String section, String field, Reading reading) {

    /** Reads one part of the data. */
    @FunctionalInterface
    interface Reading {

        Finding read(Pseudonyms pseudonyms) throws Exception;
    }

    /** A probe whose value is always whole and holds nothing that has to be made unreadable. */
    static Probe of(String section, String field, Callable<?> value) {
        return new Probe(section, field, pseudonyms -> Finding.whole(value.call()));
    }
}
