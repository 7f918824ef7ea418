package org.collectionscheduler.kubernetes;

import java.io.IOException;
import tools.jackson.core.JsonParser;

/**
 * What is kept of a list while it goes by: numbers, never objects. One page is read into a tally of its own and added
 * to the whole when it is complete, so that a page which breaks can be asked for again.
 */
interface Tally<T extends Tally<T>> {

    /** Takes one object. The parser stands on its first token; what is not read is passed over. */
    void read(JsonParser item) throws IOException;

    /** Adds the next page. */
    void add(T page);
}
