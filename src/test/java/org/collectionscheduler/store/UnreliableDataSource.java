package org.collectionscheduler.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A database that commits and says that it did not. SQLite's driver does so when it cannot begin the transaction that
 * follows a commit; every database does when the connection breaks at that moment.
 */
public final class UnreliableDataSource extends DelegatingDataSource {

    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicInteger commits = new AtomicInteger();

    UnreliableDataSource(DataSource database) {
        super(database);
    }

    /** So many commits from now on happen and are reported as failed. */
    public void loseAcknowledgements(int commits) {
        losses.set(commits);
    }

    /** So many commits have happened, acknowledged or not. */
    public int commits() {
        return commits.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit")) {
                            commits.incrementAndGet();
                            if (losses.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                                throw new SQLTransientConnectionException("no acknowledgement");
                            }
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
