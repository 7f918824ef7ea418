package org.collectionscheduler.run;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** After an exhausted heap nothing in the process can be trusted; the next start goes on from what is stored. */
public final class ExhaustedHeap {

    private static final Logger log = LoggerFactory.getLogger(ExhaustedHeap.class);

    /** The status that the JVM's own {@code -XX:+ExitOnOutOfMemoryError} gives. */
    private static final int STATUS = 3;

    private ExhaustedHeap() {}

    /** Ends the process at once, without any shutdown hook. */
    public static void endProcess() {
        try {
            log.error("heap exhausted: the process ends");
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /** For threads without a boundary of their own. */
    public static void watchAllThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            if (failure instanceof OutOfMemoryError) {
                endProcess();
            }
            log.atError()
                    .addKeyValue("thread", thread.getName())
                    .setCause(failure)
                    .log("a thread ended by a fault");
        });
    }
}
