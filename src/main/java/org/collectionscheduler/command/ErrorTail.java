package org.collectionscheduler.command;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Collection;
import java.util.List;
import org.collectionscheduler.collector.Secret;

/**
 * The end of a program's standard error output, without secrets. They are masked before anything is cut off, and what
 * lies so close to a cut that it may be a part of one is not shown.
 */
final class ErrorTail {

    /** Longest text, in characters. */
    private static final int LONGEST = 800;

    /** A longer file, in bytes, is emptied while the process runs. */
    private static final long MOST_BYTES = 1 << 20;

    private final FileChannel file;
    private final List<Secret> secrets;

    /** The end of what the file held when it was emptied. */
    private String before = "";

    private boolean emptied;

    ErrorTail(FileChannel file, Collection<Secret> secrets) {
        this.file = file;
        this.secrets = List.copyOf(secrets);
    }

    /** Frees the space that a flood of errors takes. */
    void bound() throws IOException {
        if (file.size() > MOST_BYTES) {
            int longestSecret = longestSecret();
            String end = end(longestSecret);
            // The process may have written more since, and have a secret's rest still to write.
            before = end.substring(0, Math.max(0, end.length() - longestSecret));
            file.truncate(0);
            emptied = true;
        }
    }

    String text() throws IOException {
        String text = before + end(longestSecret());
        return text.substring(Math.max(0, text.length() - LONGEST)).strip();
    }

    private String end(int longestSecret) throws IOException {
        int most = LONGEST + 2 * longestSecret;
        long from = Math.max(0, file.size() - most);
        String end = Secret.mask(secrets, CommandRun.text(file, from, most));
        return from > 0 || emptied ? end.substring(Math.min(longestSecret, end.length())) : end;
    }

    private int longestSecret() {
        return secrets.stream().mapToInt(Secret::longestForm).max().orElse(0);
    }
}
