package org.collectionscheduler.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.collectionscheduler.run.RunEvent.AttemptFailed;
import org.collectionscheduler.run.RunEvent.CollectionFreed;
import org.collectionscheduler.run.RunEvent.CollectionPaused;
import org.collectionscheduler.run.RunEvent.CollectionQuarantined;
import org.collectionscheduler.run.RunEvent.CollectionRecovered;
import org.collectionscheduler.run.RunEvent.CollectionRegistered;
import org.collectionscheduler.run.RunEvent.CollectionRemoved;
import org.collectionscheduler.run.RunEvent.CollectionResumed;
import org.collectionscheduler.run.RunEvent.CollectionSuspended;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.schedule.Decision;
import org.collectionscheduler.schedule.SkipReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Tells the log and whoever listens what has happened to runs. A listener that fails harms nobody else, and none is
 * called under a lock: it may change collections itself. It holds up the thread on which something happened, though, be it
 * that of a run or one that wakes collections.
 */
final class RunEvents {

    private static final Logger log = LoggerFactory.getLogger(RunEvents.class);

    private final ApplicationEventPublisher publisher;
    private final Instance instance;

    /** What this thread has yet to tell; no value when it tells at once. */
    private final ThreadLocal<List<RunEvent>> held = new ThreadLocal<>();

    RunEvents(ApplicationEventPublisher publisher, Instance instance) {
        this.publisher = publisher;
        this.instance = instance;
    }

    /** Does {@code work}, under whatever locks, and tells what has happened in it when it has returned or failed. */
    <T> T tellingAfterwards(Supplier<T> work) {
        if (held.get() != null) {
            return work.get();
        }
        List<RunEvent> facts = new ArrayList<>();
        held.set(facts);
        try {
            return work.get();
        } finally {
            held.remove();
            facts.forEach(this::tell);
        }
    }

    /** @param now when its collector is called: that it begins was stored before */
    void attemptStarted(Run run, String collector, Instant now) {
        line(log.atInfo(), run)
                .addKeyValue("kind", run.kind())
                .addKeyValue("scheduledAt", run.scheduledAt())
                .addKeyValue("attempt", run.attempt())
                .log("run started");
        Instant slot = run.scheduledAt();
        if (run.attempt() == 1) {
            Duration lateness = slot == null ? null : Duration.between(slot, now);
            publish(new RunStarted(run.collection(), collector, run, lateness));
        }
    }

    void attemptFailed(Run run) {
        line(log.atWarn(), run)
                .addKeyValue("attempt", run.attempt())
                .addKeyValue("nextAttemptAt", run.nextAttemptAt())
                .addKeyValue("error", run.error())
                .log("attempt failed");
        publish(new AttemptFailed(run.collection(), run));
    }

    void ended(RunEnd end, String collector) {
        ended(end, collector, 0);
    }

    /** @param payloadBytes 0 when it brought nothing back */
    void ended(RunEnd end, String collector, long payloadBytes) {
        Run run = end.run();
        finished(run, collector, payloadBytes);
        Instant until = end.suspendedUntil();
        if (until != null) {
            line(log.atWarn(), run).addKeyValue("until", until).log("collection suspended");
            publish(new CollectionSuspended(run.collection(), run, until));
        }
        if (end.recoveredFrom() != null) {
            line(log.atInfo(), run).log("collection recovered");
            publish(new CollectionRecovered(run.collection(), run));
        }
    }

    private void finished(Run run, String collector, long payloadBytes) {
        boolean succeeded = run.outcome() == RunOutcome.SUCCEEDED;
        LoggingEventBuilder line = line(succeeded ? log.atInfo() : log.atWarn(), run)
                .addKeyValue("outcome", run.outcome())
                .addKeyValue("duration", run.duration())
                .addKeyValue("bytes", payloadBytes)
                .addKeyValue("attempts", run.attempt());
        if (run.reason() != null) {
            line = line.addKeyValue("missing", run.reason());
        }
        if (run.error() != null) {
            line = line.addKeyValue("error", run.error());
        }
        line.log("run finished");
        publish(new RunFinished(run.collection(), collector, run, payloadBytes));
    }

    void skipped(Run run, Decision.Skip skip) {
        line(log.atWarn(), run)
                .addKeyValue("reason", skip.reason().lowerCaseName())
                .addKeyValue("scheduledAt", run.scheduledAt())
                .addKeyValue("slots", skip.slots().count())
                .log("run skipped");
        publish(new RunSkipped(
                run.collection(), run, skip.reason(), skip.slots().count()));
    }

    /** A run was dropped that had not begun. */
    void dropped(Run run, SkipReason reason) {
        line(log.atWarn(), run)
                .addKeyValue("reason", reason.lowerCaseName())
                .addKeyValue("dueAt", run.dueAt())
                .addKeyValue("slots", run.slots())
                .log("run skipped");
        publish(new RunSkipped(run.collection(), run, reason, run.slots()));
    }

    void paused(String collection, Cause cause) {
        logChange(collection, cause, "collection paused");
        publish(new CollectionPaused(collection, cause));
    }

    /** Whoever wakes collections finds it free. */
    void resumed(String collection, Cause cause) {
        logChange(collection, cause, "collection resumed");
        publish(new CollectionResumed(collection, cause));
        freed(collection);
    }

    void registered(String collection, Cause cause) {
        logChange(collection, cause, "collection registered");
        publish(new CollectionRegistered(collection, cause));
    }

    void removed(String collection, Cause cause) {
        logChange(collection, cause, "collection removed");
        publish(new CollectionRemoved(collection, cause));
    }

    /** Whoever declares many collections at once logs it in one line. */
    void redeclared(String collection, Cause cause) {
        publish(new CollectionRegistered(collection, cause));
    }

    /** Likewise. */
    void undeclared(String collection, Cause cause) {
        publish(new CollectionRemoved(collection, cause));
    }

    void quarantined(String collection, String message) {
        log.atError()
                .addKeyValue("collection", collection)
                .addKeyValue("instance", instance.id())
                .addKeyValue("reason", message)
                .log("collection quarantined");
        publish(new CollectionQuarantined(collection, message));
    }

    private void logChange(String collection, Cause cause, String what) {
        log.atInfo()
                .addKeyValue("collection", collection)
                .addKeyValue("instance", instance.id())
                .addKeyValue("origin", cause.origin())
                .addKeyValue("reason", cause.reason())
                .log(what);
    }

    /** Something about the collection may have to be decided. */
    void freed(String collection) {
        publish(new CollectionFreed(collection, true));
    }

    /** A run has ended, and all that came meanwhile is decided. */
    void settled(String collection) {
        publish(new CollectionFreed(collection, false));
    }

    private LoggingEventBuilder line(LoggingEventBuilder builder, Run run) {
        return builder.addKeyValue("collection", run.collection())
                .addKeyValue("runId", run.id())
                .addKeyValue("instance", instance.id());
    }

    private void publish(RunEvent event) {
        List<RunEvent> facts = held.get();
        if (facts == null) {
            tell(event);
        } else {
            facts.add(event);
        }
    }

    private void tell(RunEvent event) {
        try {
            publisher.publishEvent(event);
        } catch (RuntimeException | Error e) {
            ExhaustedHeap.endProcessIfBehind(e);
            log.atError()
                    .addKeyValue("collection", event.collection())
                    .addKeyValue("event", event.getClass().getSimpleName())
                    .setCause(e)
                    .log("a listener failed");
        }
    }
}
