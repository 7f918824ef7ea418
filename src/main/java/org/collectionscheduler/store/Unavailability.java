package org.collectionscheduler.store;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Tells a database that cannot be used now from a statement that is wrong. */
final class Unavailability {

    /**
     * SQLite's primary result codes BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
     * (sqlite.org/rescode.html).
     */
    private static final Set<Integer> SQLITE_CODES = Set.of(5, 6, 7, 8, 10, 11, 13, 14, 15, 26);

    /** PostgreSQL's classes: connection, rollback, resources, operator intervention, system error. */
    private static final Set<String> SQL_STATE_CLASSES = Set.of("08", "40", "53", "57", "58");

    /** A read-only transaction, one that the server has ended because it was idle, and a lock that was not to be had. */
    private static final Set<String> SQL_STATES = Set.of("25006", "25P03", "55P03");

    private Unavailability() {}

    /**
     * True when {@code failure}, or a cause of it, says that the database cannot be used now. A transaction that could be
     * neither committed nor undone says so: its connection is gone, and with it the reason why it was to be undone. Should
     * that have been a mistake, it shows when the work is tried again.
     */
    static boolean isBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransientDataAccessException
                    || cause instanceof RecoverableDataAccessException
                    || cause instanceof DataAccessResourceFailureException
                    || cause instanceof CannotCreateTransactionException
                    || cause instanceof TransactionSystemException
                    || cause instanceof SQLException sql && saysSo(sql)) {
                return true;
            }
        }
        return false;
    }

    /** True when SQLite says that a file is broken or none of its own: CORRUPT or NOTADB. */
    static boolean isDamage(SQLException failure) {
        int code = failure.getErrorCode() & 0xff;
        return code == 11 || code == 26;
    }

    /** The innermost message, which names the database's own reason. */
    static @Nullable String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost.getMessage();
    }

    private static boolean saysSo(SQLException e) {
        String state = e.getSQLState();
        if (state != null && state.length() == 5) {
            return SQL_STATE_CLASSES.contains(state.substring(0, 2)) || SQL_STATES.contains(state);
        }
        // SQLite's extended codes carry the primary one in their lowest byte.
        return e.getClass().getName().startsWith("org.sqlite.") && SQLITE_CODES.contains(e.getErrorCode() & 0xff);
    }
}
