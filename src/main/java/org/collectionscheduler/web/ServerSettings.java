package org.collectionscheduler.web;

import java.util.function.Consumer;
import org.collectionscheduler.settings.Problem;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/** Settings of the server that are not ours, but on which what we promise depends. */
final class ServerSettings {

    private static final String MANAGEMENT_PORT = "management.server.port";
    private static final String ACCESS = "management.endpoints.access.max-permitted";

    private ServerSettings() {}

    static void check(Environment environment, Consumer<Problem> problems) {
        String port = environment.getProperty(MANAGEMENT_PORT);
        if (port != null && !port.equals(environment.getProperty("server.port"))) {
            problems.accept(new Problem(
                    MANAGEMENT_PORT,
                    port,
                    "would open a second port, which does not check where requests come from",
                    "Remove it: actuator endpoints are served on server.port"));
        }
        String access = environment.getProperty(ACCESS, "read-only");
        if (!access.equalsIgnoreCase("read-only") && !access.equalsIgnoreCase("none")) {
            problems.accept(new Problem(
                    ACCESS,
                    access,
                    "would let anybody change the service over actuator",
                    "Set it to read-only or none"));
        }
        checkServer(environment, problems);
    }

    private static void checkServer(Environment environment, Consumer<Problem> problems) {
        try {
            ServerProperties bound = Binder.get(environment).bindOrCreate("server", ServerProperties.class);
            Integer port = bound.getPort();
            if (port != null && (port < 0 || port > 65535)) {
                problems.accept(new Problem(
                        "server.port", port.toString(), "must lie between 0 and 65535", "Set it to a free port"));
            }
        } catch (BindException e) {
            problems.accept(new Problem(
                    e.getName().toString(),
                    e.getProperty() == null
                            ? null
                            : String.valueOf(e.getProperty().getValue()),
                    "is not a value of the right form",
                    "See Spring Boot's documentation of that setting"));
        }
    }
}
