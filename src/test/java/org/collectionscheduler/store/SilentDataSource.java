package org.collectionscheduler.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.sqlite.SQLiteDataSource;

/** A database whose connections answer nothing any more, from a certain commit on, until a test says so. */
public final class SilentDataSource extends DelegatingDataSource {

    private static final int NEVER = Integer.MAX_VALUE;

    private final AtomicInteger commitsToSilence = new AtomicInteger(NEVER);

    private SilentDataSource(DataSource database) {
        super(database);
    }

    public static SilentDataSource inMemory() {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite::memory:");
        return new SilentDataSource(new SqliteTransactions(database));
    }

    /** The same, whose acknowledgements may be lost, too. */
    public UnreliableDataSource unreliable() {
        return new UnreliableDataSource(this);
    }

    /** After so many further commits, acknowledged or not. */
    public void fallSilentAfter(int commits) {
        commitsToSilence.set(commits);
    }

    public void speak() {
        commitsToSilence.set(NEVER);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("prepare") && commitsToSilence.get() <= 0) {
                        throw new SQLTransientConnectionException("silence");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        if (method.getName().equals("commit")) {
                            commitsToSilence.updateAndGet(left -> left == NEVER ? NEVER : left - 1);
                        }
                    }
                });
    }
}
