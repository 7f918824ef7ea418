package org.collectionscheduler.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.collectionscheduler.catalog.ServiceHealth;
import org.collectionscheduler.scenario.RunningService;
import org.collectionscheduler.store.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What operators do and ask, over real HTTP. */
class OperationsTests {

    private static final String DAY = "interval=24h";

    @TempDir
    static Path directory;

    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(directory, settings());
        // A slot in the first seconds after the start would be one run more.
        assertThat(service.json("/api/collections?limit=1").path("collections")).hasSize(1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String[] settings() {
        return Stream.of(
                        "cluster-metadata.enabled=false",
                        "resource-inventory.enabled=false",
                        "alpha.collector=quick",
                        "alpha.labels.tier=gold",
                        "alpha.labels.site=north",
                        "alpha.owner=anna",
                        "beta.collector=quick",
                        "beta.labels.tier=silver",
                        "beta.owner=bert",
                        "gamma.collector=quick",
                        "gamma.labels.tier=gold",
                        "delta.collector=failing",
                        "epsilon.collector=quick",
                        "epsilon.enabled=false",
                        "zeta.collector=slow")
                .map(setting -> "--scheduler.collections." + setting)
                .collect(java.util.stream.Collectors.collectingAndThen(
                        java.util.stream.Collectors.toCollection(ArrayList::new), all -> {
                            for (String name : List.of("alpha", "beta", "gamma", "delta", "epsilon", "zeta")) {
                                all.add("--scheduler.collections." + name + "." + DAY);
                                all.add("--scheduler.collections." + name + ".max-offset=20h");
                            }
                            all.add("--scenario.slowness-ms=1500");
                            return all.toArray(String[]::new);
                        }));
    }

    @Test
    void aPauseHoldsTheScheduleAndIsSaidToHaveChangedNothingTheSecondTime() throws Exception {
        JsonNode paused = RunningService.json(service.post("/api/collections/GAMMA/pause?reason=night%20shift"));
        assertThat(paused.path("changed").asBoolean()).isTrue();
        assertThat(paused.path("name").asString()).isEqualTo("gamma");
        assertThat(paused.path("state").asString()).isEqualTo("PAUSED");
        assertThat(paused.path("nextRunAt").isNull()).isTrue();
        Instant pausedAt = Instant.parse(paused.path("pausedAt").asString());

        HttpResponse<String> again = service.post("/api/collections/gamma/pause?reason=twice");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(RunningService.json(again).path("changed").asBoolean(true)).isFalse();
        assertThat(Instant.parse(RunningService.json(again).path("pausedAt").asString()))
                .isEqualTo(pausedAt);

        JsonNode resumed = RunningService.json(service.post("/api/collections/gamma/resume"));
        assertThat(resumed.path("changed").asBoolean()).isTrue();
        assertThat(resumed.path("state").asString()).isEqualTo("ACTIVE");
        assertThat(resumed.path("pausedAt").isNull()).isTrue();
        assertThat(resumed.path("nextRunAt").isString()).isTrue();
        assertThat(RunningService.json(service.post("/api/collections/gamma/resume"))
                        .path("changed")
                        .asBoolean(true))
                .isFalse();

        List<JsonNode> changes = all("/api/audit?collection=gamma&limit=1", "changes");
        assertThat(changes)
                .extracting(change -> change.path("action").asString())
                .containsExactly("resume", "pause");
        assertThat(changes.get(1).path("reason").asString()).isEqualTo("night shift");
        assertThat(changes.get(1).path("origin").asString()).isEqualTo("api 127.0.0.1");
        assertThat(Instant.parse(changes.get(1).path("at").asString())).isEqualTo(pausedAt);
        assertThat(changes.get(0).path("reason").isNull()).isTrue();
    }

    @Test
    void aPauseOutlivesARestart(@TempDir Path other) throws Exception {
        String[] settings = {
            "--scheduler.collections.quick.interval=31d", "--scheduler.collections.quick.max-offset=30d"
        };
        try (RunningService first = RunningService.start(other, settings)) {
            first.post("/api/collections/quick/pause?reason=maintenance");
        }
        String[] changed = {"--scheduler.collections.quick.interval=2h", "--scheduler.collections.quick.enabled=false"};
        try (RunningService disabled = RunningService.start(other, changed)) {
            JsonNode quick = disabled.json("/api/collections/quick");
            assertThat(quick.path("state").asString()).isEqualTo("DISABLED");
            assertThat(quick.path("pausedAt").isString()).isTrue();
        }
        try (RunningService second = RunningService.start(other, settings)) {
            assertThat(second.json("/api/collections/quick").path("state").asString())
                    .isEqualTo("PAUSED");
            assertThat(second.json("/api/audit").at("/changes/0/reason").asString())
                    .isEqualTo("maintenance");
            second.post("/api/collections/quick/resume");
        }
        try (RunningService third = RunningService.start(other, settings)) {
            assertThat(third.json("/api/collections/quick").path("state").asString())
                    .isEqualTo("ACTIVE");
        }
    }

    @Test
    void theAuditOfACollectionThatIsGoneIsKept(@TempDir Path other) throws Exception {
        try (RunningService first = RunningService.start(other, "--scheduler.collections.quick.interval=1h")) {
            assertThat(first.json("/api/audit?collection=quick").path("changes"))
                    .isEmpty();
            first.post("/api/collections/quick/pause?reason=farewell");
        }
        try (RunningService second = RunningService.start(other)) {
            assertProblem(second.get("/api/collections/quick"), 404, "cluster-metadata");
            assertThat(second.json("/api/audit?collection=quick")
                            .at("/changes/0/reason")
                            .asString())
                    .isEqualTo("farewell");
        }
    }

    @Test
    void aPausedCollectionStillRunsOnDemandAndSaysWhoAsked() throws Exception {
        service.post("/api/collections/beta/pause");
        JsonNode run = RunningService.json(service.post("/api/collections/beta/run?wait=30s&reason=look"));
        assertThat(run.path("outcome").asString()).isEqualTo("SUCCEEDED");
        assertThat(service.json("/api/collections/beta").path("state").asString())
                .isEqualTo("PAUSED");
        assertThat(service.json("/api/audit?collection=beta")
                        .at("/changes/0/action")
                        .asString())
                .isEqualTo("run");
        assertThat(service.json("/api/audit?collection=beta")
                        .at("/changes/0/reason")
                        .asString())
                .isEqualTo("look");
        service.post("/api/collections/beta/resume");
    }

    @Test
    void anActiveRunIsShownWithItsLateness() throws Exception {
        service.post("/api/collections/zeta/run");
        JsonNode zeta = service.json("/api/collections/zeta");
        assertThat(zeta.path("active")).hasSize(1);
        assertThat(zeta.path("running").path("kind").asString()).isEqualTo("DEMAND");
        assertThat(Duration.parse(zeta.at("/running/lateness").asString())).isLessThan(Duration.ofSeconds(10));
        assertThat(service.json("/api/statistics?collection=zeta")
                        .path("now")
                        .valueStream()
                        .mapToInt(JsonNode::asInt)
                        .sum())
                .isEqualTo(1);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        service.json("/api/collections/zeta").path("active").isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label=tier=gold                      | alpha gamma",
                "label=tier=gold&label=site           | alpha",
                "label=site=south                     |",
                "owner=bert                           | beta",
                "collector=QUICK&text=a               | alpha beta gamma",
                "text=ANNA                            | alpha",
                "text=tier%3Dsil                      | beta",
                "state=disabled&text=epsilon          | epsilon",
                "collector=quick&sort=-name           | gamma epsilon beta alpha",
                "text=a&nextRunBefore=2020-01-01T00:00:00Z |",
                "collector=failing&nextRunAfter=2020-01-01T00:00:00%2B01:00 | delta",
                "sort=owner&owner=anna                | alpha"
            })
    void theListIsFilteredAndSorted(String query, String names) throws Exception {
        List<String> expected = names == null ? List.of() : List.of(names.split(" "));
        assertThat(names(service.json("/api/collections?" + query))).isEqualTo(expected);
        assertThat(all("/api/collections?limit=1&" + query, "collections"))
                .extracting(collection -> collection.path("name").asString())
                .isEqualTo(expected);
    }

    @Test
    void theLastOutcomeIsAFilterAndAKey() throws Exception {
        service.post("/api/collections/delta/run?wait=30s");
        service.post("/api/collections/alpha/run?wait=30s");
        assertThat(names(service.json("/api/collections?outcome=failed"))).containsExactly("delta");
        assertThat(names(service.json("/api/collections?outcome=SUCCEEDED"))).contains("alpha");
        for (String key : List.of("lastFinishedAt", "lastStartedAt")) {
            List<String> ascending = names(service.json("/api/collections?sort=" + key));
            assertThat(ascending.indexOf("delta")).isLessThan(ascending.indexOf("alpha"));
            List<String> descending = names(service.json("/api/collections?sort=-" + key));
            assertThat(descending.indexOf("alpha")).isLessThan(descending.indexOf("delta"));
            // Never run: behind the others in either direction.
            assertThat(ascending.indexOf("epsilon")).isGreaterThan(ascending.indexOf("alpha"));
            assertThat(descending.indexOf("epsilon")).isGreaterThan(descending.indexOf("delta"));
        }
    }

    @Test
    void everyOrderIsReadWholeInParts() throws Exception {
        for (String sort : List.of("name", "collector", "owner", "state", "nextRunAt", "lastSuccessAt")) {
            for (String direction : List.of("", "-")) {
                List<String> parts = all("/api/collections?limit=3&sort=" + direction + sort, "collections").stream()
                        .map(collection -> collection.path("name").asString())
                        .toList();
                assertThat(parts)
                        .as(direction + sort)
                        .isEqualTo(names(service.json("/api/collections?limit=1000&sort=" + direction + sort)))
                        .hasSize(9)
                        .doesNotHaveDuplicates();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/api/collections?state=asleep          | state is 'asleep' | ACTIVE",
                "/api/collections?state=retired         | state is 'retired' | QUARANTINED",
                "/api/collections?sort=colour           | sort is 'colour'  | nextRunAt",
                "/api/collections?limit=0               | limit is '0'      | between 1 and 1000",
                "/api/collections?limit=many            | limit is 'many'   | between 1 and 1000",
                "/api/collections?stat=ACTIVE           | 'stat'            | state",
                "/api/collections?text=                 | text is ''        | leave it out",
                "/api/collections?state=ACTIVE&state=PAUSED | 'ACTIVE' and 'PAUSED' | once",
                "/api/collections?nextRunBefore=soon    | 'soon'            | 2026-03-01T12:00:00Z",
                "/api/collections?nextRunBefore=2026-03-01T12:00:00 | '2026-03-01T12:00:00' | offset",
                "/api/collections?cursor=AAAA           | cursor is 'AAAA'  | begin without it",
                "/api/collections?cursor=!              | cursor is '!'     | begin without it",
                "/api/runs?outcome=GREAT                | 'GREAT'           | SUCCEEDED",
                "/api/runs?kind=ODD                     | 'ODD'             | CATCH_UP",
                "/api/runs?state=GONE                   | 'GONE'            | RETRYING",
                "/api/runs?from=2026                    | '2026'            | instant",
                "/api/runs?to=+999999999-01-01T00:00:00Z | to is             | instant",
                "/api/audit?limit=1001                  | '1001'            | between 1 and 1000",
                "/api/audit?cursor=x                    | 'x'               | begin without it",
                "/api/statistics?window=1h              | 'window'          | collection",
                "/api/payloads?cursor=x                 | 'cursor'          | limit"
            })
    void aWrongParameterIsNamedWithItsValueAndTheRemedy(String path, String value, String remedy) throws Exception {
        assertProblem(service.get(path), 400, value, remedy);
    }

    @Test
    void aCursorFitsItsOwnListOnly() throws Exception {
        String cursor = cursor(service.json("/api/collections?limit=1"));
        assertThat(service.get("/api/collections?limit=5&cursor=" + cursor).statusCode())
                .isEqualTo(200);
        assertProblem(service.get("/api/collections?sort=-name&cursor=" + cursor), 400, "another order");
        assertProblem(service.get("/api/collections?text=a&cursor=" + cursor), 400, "other filters");
        assertProblem(service.get("/api/runs?cursor=" + cursor), 400, "begin without it");
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            String damaged = cursor.substring(0, i) + other + cursor.substring(i + 1);
            HttpResponse<String> response = service.get("/api/collections?cursor=" + damaged);
            // The last character has bits that stand for nothing.
            assertThat(response.statusCode())
                    .as(damaged)
                    .isEqualTo(i == cursor.length() - 1 ? response.statusCode() : 400);
        }
        assertProblem(service.get("/api/collections?cursor=" + cursor.substring(0, 8)), 400, "damaged");
    }

    @Test
    void whatCannotBeDoneSaysWhy() throws Exception {
        assertProblem(service.post("/api/collections/nobody/pause"), 404, "alpha");
        assertProblem(service.post("/api/collections/nobody/resume"), 404, "alpha");
        assertProblem(service.get("/api/collections/nobody"), 404, "alpha");
        assertProblem(service.get("/api/statistics?collection=nobody"), 404, "alpha");
        assertProblem(service.get("/api/audit?collection=nobody"), 404, "alpha");
        assertProblem(service.post("/api/collections/epsilon/run"), 409, "disabled by configuration");
        assertThat(RunningService.json(service.post("/api/collections/epsilon/pause"))
                        .path("state")
                        .asString())
                .isEqualTo("DISABLED");
        service.post("/api/collections/epsilon/resume");
        assertThat(service.send("POST", "/api/collections/alpha/pause").statusCode())
                .isEqualTo(401);
        assertThat(service.send("GET", "/api/collections").statusCode()).isEqualTo(401);
        assertThat(service.send("GET", "/api/audit").statusCode()).isEqualTo(401);
        assertThat(service.send("GET", "/api/statistics").statusCode()).isEqualTo(401);
    }

    @Test
    void aDrainedInstanceStartsNothingAndSaysSo(@TempDir Path other) throws Exception {
        try (RunningService drained = RunningService.start(other, "--scheduler.collections.quick.interval=24h")) {
            String id = drained.json("/api/instances").at("/instances/0/id").asString();
            JsonNode instance = RunningService.json(drained.post("/api/instances/" + id + "/drain"))
                    .at("/instances/0");
            assertThat(instance.path("draining").asBoolean()).isTrue();

            assertProblem(drained.post("/api/collections/quick/run"), 503, "is drained", "start it anew");
            HttpResponse<String> health = drained.get("/actuator/health");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("every instance is drained");
            assertThat(drained.bean(ServiceHealth.class).isAlive())
                    .as("the dead man's switch is not called")
                    .isFalse();
            assertThat(drained.json("/api/runs?collection=quick&kind=DEMAND").path("runs"))
                    .isEmpty();
        }
    }

    @Test
    void aCollectionThatIsDeclaredAndNotStoredIsNotUnknown(@TempDir Path other) throws Exception {
        try (RunningService waits = RunningService.start(other, "--scheduler.collections.quick.interval=24h")) {
            waits.bean(Store.class)
                    .write(jdbc -> jdbc.sql("DELETE FROM collection WHERE name = 'quick'")
                            .update());

            assertProblem(waits.get("/api/collections/quick"), 409, "declared here, but not in force");
            assertProblem(waits.post("/api/collections/quick/run"), 409, "declared here, but not in force");
        }
    }

    @Test
    void aCollectionThatAnotherInstanceHasRemovedIsNotStartedAndSaysSo() throws Exception {
        Store store = service.bean(Store.class);
        store.write(jdbc -> jdbc.sql("UPDATE collection SET state = 'RETIRED' WHERE name = 'gamma'")
                .update());
        try {
            assertProblem(service.post("/api/collections/gamma/run"), 409, "was removed by another instance");
            assertProblem(service.post("/api/collections/gamma/pause"), 409, "was removed by another instance");
        } finally {
            store.write(jdbc -> jdbc.sql("UPDATE collection SET state = 'ACTIVE' WHERE name = 'gamma'")
                    .update());
        }
    }

    @Test
    void runsAreFilteredAndReadInParts() throws Exception {
        for (int i = 0; i < 3; i++) {
            service.post("/api/collections/alpha/run?wait=30s");
        }
        service.post("/api/collections/delta/run?wait=30s");
        List<JsonNode> all = all("/api/runs?collection=alpha&limit=2", "runs");
        assertThat(all.size()).isGreaterThanOrEqualTo(3);
        assertThat(all).extracting(run -> run.path("id").asString()).doesNotHaveDuplicates();
        assertThat(all)
                .extracting(run -> Instant.parse(run.path("createdAt").asString()))
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        String middle = all.get(1).path("createdAt").asString();
        assertThat(all("/api/runs?collection=alpha&limit=1&from=" + middle, "runs"))
                .hasSize(2);
        assertThat(all("/api/runs?collection=alpha&limit=1&to=" + middle, "runs"))
                .hasSize(all.size() - 2);
        assertThat(all("/api/runs?outcome=failed&limit=1", "runs"))
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.path("collection").asString()).isEqualTo("delta"));
        assertThat(all("/api/runs?kind=demand&state=finished&collection=alpha", "runs"))
                .hasSize(all.size());
        assertThat(all("/api/runs?kind=catch-up", "runs")).isEmpty();
    }

    @Test
    void statisticsCountWhatIsStored() throws Exception {
        service.post("/api/collections/delta/run?wait=30s");
        JsonNode delta = service.json("/api/statistics?collection=delta");
        int runs = all("/api/runs?collection=delta", "runs").size();
        assertThat(delta.path("completeSince").isNull()).isTrue();
        assertThat(delta.path("windows"))
                .extracting(window -> Duration.parse(window.path("length").asString()))
                .containsExactly(Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));
        for (JsonNode window : delta.path("windows")) {
            assertThat(window.at("/outcomes/FAILED").asInt()).isEqualTo(runs);
            assertThat(window.at("/outcomes/SUCCEEDED").asInt()).isZero();
            assertThat(window.path("successRate").asDouble()).isZero();
            assertThat(window.at("/duration/count").asInt()).isEqualTo(runs);
            assertThat(Duration.parse(window.at("/duration/max").asString())).isLessThan(Duration.ofSeconds(30));
            assertThat(window.at("/lateness/count").asInt()).isZero();
            assertThat(window.at("/lateness/p50").isNull()).isTrue();
        }
        List<Instant> daily = nextRuns(delta);
        assertThat(daily)
                .isEqualTo(Stream.iterate(daily.get(0), day -> day.plus(Duration.ofDays(1)))
                        .limit(20)
                        .toList());

        JsonNode everything = service.json("/api/statistics");
        List<Instant> next = nextRuns(everything);
        assertThat(next).isSorted().hasSize(20);
        assertThat(next.get(19))
                .as("not the first of each alone")
                .isBefore(Instant.now().plus(Duration.ofDays(5)));
        assertThat(Set.copyOf(everything.path("next").findValuesAsString("collection")))
                .hasSizeBetween(2, 6)
                .doesNotContain("epsilon");
    }

    private static List<Instant> nextRuns(JsonNode statistics) {
        return statistics
                .path("next")
                .valueStream()
                .map(run -> Instant.parse(run.path("at").asString()))
                .toList();
    }

    @Test
    void anUnreadableRunIsLeftOutOfListsAndSaysSoWhenAskedFor() throws Exception {
        JsonNode run = RunningService.json(service.post("/api/collections/beta/run?wait=30s"));
        String id = run.path("id").asString();
        service.bean(Store.class)
                .write(jdbc -> jdbc.sql("UPDATE run SET kind = 'STRANGE' WHERE id = :id")
                        .param("id", id)
                        .update());
        try {
            JsonNode list = service.json("/api/runs?collection=beta");
            assertThat(list.path("runs"))
                    .noneMatch(row -> row.path("id").asString().equals(id));
            assertThat(list.path("unreadable")).extracting(JsonNode::asString).containsExactly(id);
            assertProblem(service.get("/api/runs/" + id), 500, id, "cannot be read");
            // It is the last run of its collection, which is shown without it.
            assertThat(service.json("/api/collections/beta").path("lastRun").isNull())
                    .isTrue();
            assertThat(service.get("/api/statistics").statusCode()).isEqualTo(200);
        } finally {
            service.bean(Store.class)
                    .write(jdbc -> jdbc.sql("UPDATE run SET kind = 'DEMAND' WHERE id = :id")
                            .param("id", id)
                            .update());
        }
    }

    @Test
    void aDamagedRowStopsNoList() throws Exception {
        JsonNode run = RunningService.json(service.post("/api/collections/beta/run?wait=30s&reason=damage"));
        Store store = service.bean(Store.class);
        String id = run.path("id").asString();
        String payload = run.path("payloadId").asString();
        String change = service.json("/api/audit?collection=beta&limit=1")
                .at("/changes/0/id")
                .asString();
        store.write(jdbc -> jdbc.sql("UPDATE run SET scheduled_at = 'soon', created_at = 'x' WHERE id = '" + id + "'")
                .update());
        store.write(jdbc -> jdbc.sql("UPDATE audit SET at = 'x' WHERE id = '" + change + "'")
                .update());
        store.write(jdbc -> jdbc.sql("UPDATE payload SET created_at = 'x' WHERE id = '" + payload + "'")
                .update());
        try {
            assertThat(names(service.json("/api/collections"))).contains("alpha", "beta");
            assertThat(service.json("/actuator/collections").findValuesAsString("name"))
                    .contains("alpha", "beta");
            assertThat(service.json("/api/statistics").path("windows")).hasSize(3);
            assertThat(service.get("/actuator/health").statusCode()).isEqualTo(200);
            assertUnreadable("/api/runs", id);
            assertUnreadable("/api/audit", change);
            assertUnreadable("/api/payloads", payload);
        } finally {
            store.write(jdbc -> jdbc.sql("UPDATE run SET scheduled_at = NULL, created_at = 1 WHERE id = '" + id + "'")
                    .update());
            store.write(jdbc ->
                    jdbc.sql("DELETE FROM audit WHERE id = '" + change + "'").update());
            store.write(jdbc -> jdbc.sql("UPDATE payload SET created_at = 1 WHERE id = '" + payload + "'")
                    .update());
        }
    }

    private static void assertUnreadable(String path, String id) throws Exception {
        assertThat(service.json(path + "?limit=1").path("unreadable"))
                .as(path)
                .extracting(JsonNode::asString)
                .containsExactly(id);
    }

    private static List<JsonNode> all(String path, String rows) throws IOException, InterruptedException {
        List<JsonNode> all = new ArrayList<>();
        JsonNode part = service.json(path);
        part.path(rows).forEach(all::add);
        for (int i = 0; i < 1000 && part.path("cursor").isString(); i++) {
            part = service.json(path + "&cursor=" + cursor(part));
            part.path(rows).forEach(all::add);
        }
        return all;
    }

    private static String cursor(JsonNode part) {
        return part.path("cursor").asString();
    }

    private static List<String> names(JsonNode list) {
        return list.path("collections")
                .valueStream()
                .map(collection -> collection.path("name").asString())
                .toList();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String... details) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(RunningService.json(response).path("detail").asString("")).contains(details);
    }
}
