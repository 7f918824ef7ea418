package org.collectionscheduler.dispatch.cluster;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database before whose statements a test does something, or that does not take them. */
final class WatchedDataSource extends DelegatingDataSource {

    /** What happens just before a statement. */
    @FunctionalInterface
    interface Watcher {

        /** @throws SQLException to have it fail */
        void before(String sql) throws SQLException;
    }

    private volatile @Nullable Watcher watcher;

    WatchedDataSource(DataSource database) {
        super(database);
    }

    /** On connections from now on. */
    void watch(Watcher newWatcher) {
        watcher = newWatcher;
    }

    void watchNoMore() {
        watcher = null;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        Watcher now = watcher;
        return now == null ? connection : watched(connection, now);
    }

    private Connection watched(Connection connection, Watcher by) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        by.before((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
