package org.collectionscheduler.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Secret;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;

/** Reads what collections give to their collectors. */
public final class CollectorParameters {

    private final BoundSettings settings;

    public CollectorParameters(BoundSettings settings) {
        this.settings = settings;
    }

    /**
     * Reads the parameters of one collection, and each of its secrets once: an operator wants to know before the night.
     *
     * @return none when there are none, or a problem was reported
     */
    public Parameters read(String collection, Collector collector, Consumer<Problem> problems) {
        String key = ParameterKeys.key(collection);
        Class<? extends Record> type = collector.parametersType();
        if (type == null) {
            if (settings.has(key)) {
                problems.accept(new Problem(
                        key, null, "is given, but the collector " + collector.name() + " takes none", "Remove it"));
            }
            return Parameters.NONE;
        }
        List<Secret> secrets = new ArrayList<>();
        Record value = settings.bind(key, type, problems, (where, part) -> {
            if (part instanceof Secret secret) {
                secrets.add(secret);
                checkReadable(where, secret, problems);
            }
        });
        return value == null ? Parameters.NONE : new Parameters(value, secrets);
    }

    private static void checkReadable(String key, Secret secret, Consumer<Problem> problems) {
        try {
            secret.value();
        } catch (CollectionFailedException e) {
            problems.accept(new Problem(
                    key,
                    null,
                    "is a secret that is not there: " + e.getMessage(),
                    "Without it no run of the collection could succeed"));
        }
    }
}
