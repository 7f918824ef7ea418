package org.collectionscheduler.web;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.collectionscheduler.catalog.Catalog;
import org.collectionscheduler.catalog.CollectionStatus;
import org.collectionscheduler.run.Payload;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunHistory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows a newcomer, in the log, what was collected, when it runs next, and how to read the whole of it. */
final class QuickstartGuide {

    private static final Logger log = LoggerFactory.getLogger(QuickstartGuide.class);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** When the service started, and where its collectors look. */
    record Start(Instant at, String source) {}

    private final RunHistory history;
    private final Catalog catalog;
    private final ApiToken token;
    private final Start start;
    private volatile int port;

    QuickstartGuide(RunHistory history, Catalog catalog, ApiToken token, Start start) {
        this.history = history;
        this.catalog = catalog;
        this.token = token;
        this.start = start;
    }

    @EventListener
    void onServer(WebServerInitializedEvent event) {
        port = event.getWebServer().getPort();
    }

    /** At a later start nothing runs at once: what an earlier one stored is shown. */
    @EventListener(ApplicationReadyEvent.class)
    void onReady() {
        catalog.statuses().stream()
                .map(status -> status.record().lastSuccessPayload())
                .filter(Objects::nonNull)
                .flatMap(id -> history.payload(id).stream())
                .filter(payload -> payload.createdAt().isBefore(start.at()))
                .filter(payload -> kind(payload).equals(start.source()))
                .forEach(payload -> show(payload, "was collected by an earlier start, at " + payload.createdAt()));
    }

    @EventListener
    void onRun(RunFinished event) {
        Optional.ofNullable(event.run().payloadId())
                .flatMap(history::payload)
                .filter(payload -> kind(payload).equals(start.source()))
                .ifPresent(payload -> show(payload, "collected"));
    }

    private static String kind(Payload payload) {
        return MAPPER.readTree(payload.content()).path("kind").asString("");
    }

    private void show(Payload payload, String when) {
        JsonNode data = MAPPER.readTree(payload.content()).path("data");
        String summary = data.properties().stream()
                .map(QuickstartGuide::summary)
                .collect(Collectors.joining("\n    ", "\n    ", ""));
        String next = catalog.status(payload.collection())
                .map(CollectionStatus::nextRunAt)
                .map(Object::toString)
                .orElse("never");
        log.info(
                "{} {}, {} bytes; next run at {}{}\n  the whole of it:\n    curl -s -H \"Authorization: Bearer $(cat {})\" http://127.0.0.1:{}/api/payloads/{}",
                payload.collection(),
                when,
                payload.bytes(),
                next,
                summary,
                token.file(),
                port,
                payload.id());
    }

    private static String summary(Map.Entry<String, JsonNode> field) {
        JsonNode value = field.getValue();
        String text = value.isArray() ? value.size() + " entries" : value.toString();
        return field.getKey() + ": " + (text.length() > 160 ? text.substring(0, 160) + "…" : text);
    }
}
