package org.collectionscheduler.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections whose transactions are what they seem. The driver's own are not, once the database fails: when it cannot
 * begin a transaction it believes to be in one, and the statements that follow are committed one by one; and since it
 * begins the next transaction within a commit, it reports commits as failed that were made.
 */
final class SqliteTransactions extends DelegatingDataSource {

    private static final Logger log = LoggerFactory.getLogger(SqliteTransactions.class);

    SqliteTransactions(DataSource sqlite) {
        super(sqlite);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new Handler(super.getConnection()));
    }

    /** Leaves the driver in auto-commit, and begins and ends transactions by statements. */
    private static final class Handler implements InvocationHandler {

        private final Connection connection;
        private boolean autoCommit = true;
        private boolean open;

        Handler(Connection connection) {
            this.connection = connection;
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            switch (method.getName()) {
                case "getAutoCommit" -> {
                    return autoCommit;
                }
                case "setAutoCommit" -> {
                    rollback();
                    autoCommit = arguments != null && Boolean.TRUE.equals(arguments[0]);
                    return null;
                }
                case "commit" -> {
                    commit();
                    return null;
                }
                case "rollback" -> {
                    rollback();
                    return null;
                }
                case "createStatement", "prepareStatement", "prepareCall" -> begin();
                default -> {}
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
            }
        }

        private void begin() throws SQLException {
            if (!autoCommit && !open) {
                execute("BEGIN IMMEDIATE");
                open = true;
            }
        }

        private void commit() throws SQLException {
            if (open) {
                execute("COMMIT");
                open = false;
            }
        }

        /** After some failures the database has rolled back by itself, and refuses. */
        private void rollback() {
            if (open) {
                open = false;
                try {
                    execute("ROLLBACK");
                } catch (SQLException e) {
                    log.atDebug().setCause(e).log("not rolled back");
                }
            }
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
