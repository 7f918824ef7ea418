package org.collectionscheduler.run;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows that are left out of what is read of many, because they cannot be read. */
final class UnreadableRows {

    private static final Logger log = LoggerFactory.getLogger(UnreadableRows.class);

    /** Of more than this many rows the log says nothing: they are one damage, and it has been reported. */
    private static final int MOST_REPORTED = 1000;

    private static final Set<String> REPORTED = ConcurrentHashMap.newKeySet();

    private UnreadableRows() {}

    /** Reports each row once in the life of the process, however often it is read. */
    static void leaveOut(UnreadableRowException row) {
        String reason = String.valueOf(row.getMessage());
        if (REPORTED.size() < MOST_REPORTED && REPORTED.add(reason)) {
            log.atWarn()
                    .addKeyValue("reason", reason)
                    .log("stored row left out of all lists and counts; correct or delete it");
        }
    }
}
