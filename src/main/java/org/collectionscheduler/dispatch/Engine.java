package org.collectionscheduler.dispatch;

import java.util.Locale;
import java.util.Optional;
import org.collectionscheduler.store.DatabaseServer;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Which dispatcher runs: {@code scheduler.engine}. */
public enum Engine {
    /** One process alone. */
    LOCAL,
    /** One of those that share a PostgreSQL. */
    CLUSTER;

    static final String KEY = "scheduler.engine";

    /** {@code auto} is the cluster where a PostgreSQL is named, else local; so is what is none of them, until it is refused. */
    static Engine decide(Environment environment) {
        return parse(environment.getProperty(KEY, "auto"))
                .orElseGet(() -> DatabaseServer.url(environment).isPresent() ? CLUSTER : LOCAL);
    }

    private static Optional<Engine> parse(String configured) {
        return switch (configured.trim().toLowerCase(Locale.ROOT)) {
            case "local" -> Optional.of(LOCAL);
            case "cluster" -> Optional.of(CLUSTER);
            default -> Optional.empty();
        };
    }

    /** The name in the configuration and in what is shown. */
    public String lowerCaseName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Where this process dispatches alone. */
    public static final class OnLocal implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return decide(context.getEnvironment()) == LOCAL;
        }
    }

    /** Where it dispatches together with others. */
    public static final class OnCluster implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return decide(context.getEnvironment()) == CLUSTER;
        }
    }
}
