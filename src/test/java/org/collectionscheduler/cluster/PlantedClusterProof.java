package org.collectionscheduler.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where the database does not keep what claims and fences rest on, the deployment goes wrong, and that is found. */
class PlantedClusterProof {

    private static final Duration LENGTH = Duration.ofSeconds(12);

    @TempDir
    Path directory;

    /** As if two instances had claimed the same slot. */
    @Test
    void slotsThatAreClaimedTwiceAreFound() throws Exception {
        try (ClusterPlay play = new ClusterPlay(ClusterPlan.quiet(1, LENGTH), directory)) {
            JdbcClient jdbc = play.begin().database().jdbc();
            jdbc.sql("DROP INDEX run_slot").update();
            jdbc.sql("""
                    CREATE FUNCTION twin() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF NEW.scheduled_at IS NOT NULL AND NEW.lane < 50 AND NEW.state <> 'FINISHED'
                           AND NEW.scheduled_at % 4 = 0 THEN
                            INSERT INTO run (id, collection, kind, scheduled_at, state, created_at, lane)
                            VALUES (NEW.id || '-twin', NEW.collection, NEW.kind, NEW.scheduled_at, 'WAITING',
                                    NEW.created_at, 50 + NEW.lane)
                            ON CONFLICT DO NOTHING;
                        END IF;
                        RETURN NEW;
                    END $$
                    """).update();
            jdbc.sql("CREATE TRIGGER twin AFTER INSERT ON run FOR EACH ROW EXECUTE FUNCTION twin()")
                    .update();

            assertThat(play.play().faults())
                    .anyMatch(fault -> fault.startsWith("slot decided twice"))
                    .anyMatch(fault -> fault.startsWith("collection overlaps itself"));
        }
    }

    /** As if an ended run could be attempted, and its result be stored, again. */
    @Test
    void resultsThatAreStoredTwiceAreFound() throws Exception {
        try (ClusterPlay play = new ClusterPlay(ClusterPlan.quiet(2, LENGTH), directory)) {
            JdbcClient jdbc = play.begin().database().jdbc();
            jdbc.sql("""
                    CREATE FUNCTION reopen() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF NEW.outcome = 'SUCCEEDED' AND OLD.state = 'RUNNING' AND NEW.attempt = 1
                           AND NEW.finished_at % 3 = 0 THEN
                            UPDATE run SET state = 'RUNNING', outcome = NULL, payload_id = NULL, instance = 'gone'
                            WHERE id = NEW.id;
                        END IF;
                        RETURN NEW;
                    END $$
                    """).update();
            jdbc.sql("CREATE TRIGGER reopen AFTER UPDATE ON run FOR EACH ROW EXECUTE FUNCTION reopen()")
                    .update();

            assertThat(play.play().faults())
                    .anyMatch(fault -> fault.startsWith("two results of a run"))
                    .anyMatch(fault -> fault.startsWith("counted wrongly"));
        }
    }

    /** A deployment to which nothing is done has no faults; then its tables are made to lie, one lie after the other. */
    @Test
    void liesInTheTablesAreFound() throws Exception {
        try (ClusterPlay play = new ClusterPlay(ClusterPlan.quiet(3, LENGTH), directory)) {
            ClusterPlay.Outcome outcome = play.begin().play();
            assertThat(outcome.faults()).isEmpty();
            JdbcClient jdbc = play.database().jdbc();

            lie(
                    jdbc,
                    "INSERT INTO attempt (run_id, number, instance, started_at, finished_at, outcome) "
                            + "SELECT id, 1, instance, started_at, finished_at, 'ABANDONED' FROM run "
                            + "WHERE outcome = 'SUCCEEDED' AND attempt = 1 ORDER BY id LIMIT 1");
            assertThat(play.faultsNow(outcome.evidence())).anyMatch(fault -> fault.startsWith("run succeeded without"));

            lie(jdbc, """
                    UPDATE payload SET content = replace(content, '"attempt":1', '"attempt":7')
                    WHERE run_id = (SELECT id FROM run WHERE outcome = 'SUCCEEDED' AND attempt = 1 ORDER BY id LIMIT 1)
                    """);
            assertThat(play.faultsNow(outcome.evidence())).anyMatch(fault -> fault.startsWith("result of another"));

            lie(jdbc, """
                    UPDATE run SET kind = 'CATCH_UP', missed_count = 2,
                        missed_from = (SELECT MAX(earlier.scheduled_at) FROM run earlier
                            WHERE earlier.collection = run.collection AND earlier.scheduled_at < run.scheduled_at)
                    WHERE id = (SELECT late.id FROM run late WHERE late.missed_from IS NULL AND late.outcome = 'SUCCEEDED'
                        AND EXISTS (SELECT 1 FROM run earlier
                            WHERE earlier.collection = late.collection AND earlier.scheduled_at < late.scheduled_at)
                        ORDER BY late.scheduled_at DESC, late.id LIMIT 1)
                    """);
            assertThat(play.faultsNow(outcome.evidence())).anyMatch(fault -> fault.startsWith("slot decided twice"));

            lie(
                    jdbc,
                    "DELETE FROM run WHERE id = (SELECT MIN(id) FROM run WHERE scheduled_at = "
                            + "(SELECT scheduled_at FROM run WHERE outcome = 'SUCCEEDED' AND kind = 'SCHEDULE'"
                            + " ORDER BY created_at LIMIT 1))");
            List<String> faults = play.faultsNow(outcome.evidence());
            assertThat(faults)
                    .anyMatch(fault -> fault.startsWith("attempt made without") || fault.startsWith("attempt beyond"))
                    .anyMatch(fault -> fault.startsWith("slot without a run"));
        }
    }

    private static void lie(JdbcClient jdbc, String statement) {
        assertThat(jdbc.sql(statement).update()).as(statement).isEqualTo(1);
    }
}
