package org.collectionscheduler.run;

import org.jspecify.annotations.Nullable;
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

    /** Ends the process when {@code failure} says that there is no heap left; for whoever catches every Error. */
    public static void endProcessIfBehind(Throwable failure) {
        if (isBehind(failure)) {
            endProcess();
        }
    }

    /** Not so when a thread was refused, or one impossible array: that concerns whoever asked for it. */
    static boolean isBehind(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause instanceof OutOfMemoryError ? String.valueOf(cause.getMessage()) : "";
            if (message.contains("heap space") || message.contains("GC overhead") || message.contains("Metaspace")) {
                return true;
            }
        }
        return false;
    }

    /** For threads without a boundary of their own. */
    public static void watchAllThreads() {
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            endProcessIfBehind(failure);
            log.atError()
                    .addKeyValue("thread", thread.getName())
                    .setCause(failure)
                    .log("a thread ended by a fault");
        });
    }
}
