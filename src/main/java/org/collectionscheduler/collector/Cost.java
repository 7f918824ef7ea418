package org.collectionscheduler.collector;

/**
 * What an attempt cost the system that it asked.
 *
 * @param requests requests sent, repeated ones included
 * @param retries how many of those repeated an earlier one
 * @param bytesWire response bodies as they came over the wire, compressed where they were
 * @param bytesDecoded response bodies after decompression
 */
public record Cost(long requests, long retries, long bytesWire, long bytesDecoded) {

    public static final Cost NONE = new Cost(0, 0, 0, 0);
}
