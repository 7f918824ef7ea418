package org.collectionscheduler.run;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.schedule.RunKind;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are wanted; null means any.
 *
 * @param from created then or later
 * @param to created before that
 */
public record RunFilter(
        @Nullable String collection,
        @Nullable RunOutcome outcome,
        @Nullable RunKind kind,
        @Nullable RunState state,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** Adds what the rows must fulfil, and returns the parameters of that. */
    Map<String, Object> conditions(List<String> conditions) {
        Map<String, Object> parameters = new HashMap<>();
        if (collection != null) {
            conditions.add("collection = :collection");
            parameters.put("collection", collection);
        }
        if (outcome != null) {
            conditions.add("outcome = :outcome");
            parameters.put("outcome", outcome.name());
        }
        if (kind != null) {
            conditions.add("kind = :kind");
            parameters.put("kind", kind.name());
        }
        if (state != null) {
            conditions.add("state = :state");
            parameters.put("state", state.name());
        }
        if (from != null) {
            conditions.add("created_at >= :from");
            parameters.put("from", from.toEpochMilli());
        }
        if (to != null) {
            conditions.add("created_at < :to");
            parameters.put("to", to.toEpochMilli());
        }
        return parameters;
    }
}
