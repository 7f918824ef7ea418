package org.collectionscheduler.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What instances have logged that no hurt explains. */
final class Logs {

    private static final Pattern ERROR = Pattern.compile("(\\S+) ERROR (.*)");

    /** What an instance says of what was done to it, whenever. */
    private static final List<String> EXPECTED = List.of(
            "lease lost",
            "store cannot be written",
            "lock of the database lost",
            "result lost: the store did not take it in time",
            // The engine's own, of whatever a lost connection makes it fail in.
            "Unhandled exception. Will keep running.",
            "Failed while completing execution",
            "Failed while handling dead execution",
            // What the store makes of it is what counts.
            "exception overridden by rollback exception");

    /** Never, whatever is done. */
    private static final List<String> FAULTS = List.of(
            "fault of the service", "could not be looked after", "could not be set anew", "broken off by a fault");

    private static final Duration MARGIN = Duration.ofSeconds(15);
    private static final int FOLLOWING_LINES = 6;

    private final List<PlayedInstance> instances;
    private final List<Span> databaseTroubles;

    Logs(List<PlayedInstance> instances, List<Span> databaseTroubles) {
        this.instances = instances;
        this.databaseTroubles = databaseTroubles;
    }

    List<String> faults() throws IOException {
        List<String> faults = new ArrayList<>();
        for (PlayedInstance instance : instances) {
            List<String> log = instance.log();
            int found = 0;
            for (int i = 0; i < log.size() && found < 3; i++) {
                if (isFault(log.get(i))) {
                    found++;
                    faults.add("logged by " + instance + ": "
                            + String.join("\n    ", log.subList(i, Math.min(log.size(), i + FOLLOWING_LINES))));
                }
            }
        }
        return faults;
    }

    private boolean isFault(String line) {
        Matcher error = ERROR.matcher(line);
        if (!error.matches()) {
            return false;
        }
        if (FAULTS.stream().anyMatch(line::contains)) {
            return true;
        }
        return EXPECTED.stream().noneMatch(line::contains) && !isInTrouble(error.group(1));
    }

    private boolean isInTrouble(String time) {
        try {
            return Span.anyContains(databaseTroubles, OffsetDateTime.parse(time).toInstant(), MARGIN);
        } catch (DateTimeParseException e) {
            return false;
        }
    }
}
