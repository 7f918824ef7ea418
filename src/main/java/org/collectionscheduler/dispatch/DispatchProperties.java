package org.collectionscheduler.dispatch;

import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.store.DatabaseServer;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/** Which dispatcher runs. */
@ConfigurationProperties("scheduler")
record DispatchProperties(@DefaultValue("auto") Choice engine) implements SettingsGroup {

    /** {@code AUTO} is the cluster where a PostgreSQL is named, else local. */
    enum Choice {
        AUTO,
        LOCAL,
        CLUSTER
    }

    @Override
    public void check(Consumer<Problem> problems) {
        // Whether there is a database that can be shared, the environment tells.
    }

    void check(Environment environment, Consumer<Problem> problems) {
        if (engine == Choice.CLUSTER && DatabaseServer.url(environment).isEmpty()) {
            problems.accept(new Problem(
                    Engine.KEY,
                    "cluster",
                    "needs a PostgreSQL that the instances share",
                    "Set " + DatabaseServer.URL_KEY + " to jdbc:postgresql://host:5432/database, or remove this"));
        }
    }
}
