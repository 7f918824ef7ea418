package org.collectionscheduler.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a collector did in one attempt, by its own word.
 *
 * @param instance that its process was when it began
 * @param end null when it never said so: its process was killed before
 */
record Activity(
        String collection,
        String runId,
        int attempt,
        String instance,
        Instant begin,
        @Nullable Instant end,
        boolean succeeded) {

    boolean isOfSameAttempt(Activity other) {
        return runId.equals(other.runId) && attempt == other.attempt;
    }

    boolean lastsAt(Instant instant) {
        return begin.isBefore(instant) && (end == null || end.isAfter(instant));
    }

    /**
     * What one process did.
     *
     * @param history its file, whose last line may be torn
     * @param diedAt ends whatever was under way; null while it lives
     */
    static List<Activity> read(Path history, @Nullable Instant diedAt) throws IOException {
        if (!Files.exists(history)) {
            return List.of();
        }
        List<Activity> activities = new ArrayList<>();
        Map<String, Integer> newest = new HashMap<>();
        String text = Files.readString(history);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String[] words = line.split(" ");
            Instant at = instant(Long.parseLong(words[5]));
            String key = words[2] + " " + words[3];
            if (words[0].equals("begin")) {
                newest.put(key, activities.size());
                activities.add(
                        new Activity(words[1], words[2], Integer.parseInt(words[3]), words[4], at, diedAt, false));
            } else {
                int index = Objects.requireNonNull(newest.get(key), line);
                activities.set(index, activities.get(index).ended(at, words[0].equals("succeeded")));
            }
        }
        return activities;
    }

    private Activity ended(Instant at, boolean successfully) {
        return new Activity(collection, runId, attempt, instance, begin, at, successfully);
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(nanos / 1_000_000_000L, nanos % 1_000_000_000L);
    }
}
