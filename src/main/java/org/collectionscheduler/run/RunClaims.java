package org.collectionscheduler.run;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.collectionscheduler.store.Batch;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Claims runs that decisions ask for, waiting or in their first attempt. */
final class RunClaims implements Batch<RunClaims.Claim, Optional<Run>> {

    /**
     * One claim.
     *
     * @param decidedOn the last decided slot of its collection, as whoever decided saw it; null when there was none
     * @param declaration as which its collection must be in force
     * @param lanes how many runs of its collection may be unfinished, this one included
     */
    record Claim(Run run, @Nullable Instant decidedOn, String declaration, int lanes) {}

    /**
     * Of each the run; empty when its slot has a run already, as many runs as may be are unfinished, or the collection was
     * paused, retired or declared otherwise since that was decided, or another slot of it was.
     */
    @Override
    public List<Optional<Run>> make(JdbcClient jdbc, NamedParameterJdbcOperations batches, List<Claim> claims) {
        List<Claim> inserted = insert(batches, byCollection(claims));
        List<Run> claimed = CollectionRepository.claimed(batches, byCollection(inserted)).stream()
                .map(Claim::run)
                .toList();
        Map<String, Run> made = new HashMap<>();
        claimed.forEach(run -> made.put(run.id(), run));
        List<String> refused = inserted.stream()
                .map(claim -> claim.run().id())
                .filter(id -> !made.containsKey(id))
                .toList();
        refused.forEach(id -> RunRepository.delete(jdbc, id));
        return claims.stream()
                .map(Claim::run)
                .map(run -> made.containsKey(run.id()) || refused.contains(run.id())
                        ? Optional.ofNullable(made.get(run.id()))
                        : claimedBefore(jdbc, run))
                .toList();
    }

    private static List<Claim> byCollection(List<Claim> claims) {
        return Columns.sorted(claims, claim -> claim.run().collection());
    }

    /** By an earlier time, whose commit was reported as failed. */
    private static Optional<Run> claimedBefore(JdbcClient jdbc, Run run) {
        return RunRepository.find(jdbc, run.id());
    }

    private static List<Claim> insert(NamedParameterJdbcOperations batches, List<Claim> claims) {
        List<Claim> inserted = new ArrayList<>();
        List<Claim> left = claims;
        for (int lane = 0; !left.isEmpty(); lane++) {
            List<Claim> done = RunRepository.insertInLane(batches, left, lane);
            int next = lane + 1;
            left = left.stream()
                    .filter(claim -> next < claim.lanes() && !done.contains(claim))
                    .toList();
            inserted.addAll(done);
        }
        return inserted;
    }
}
