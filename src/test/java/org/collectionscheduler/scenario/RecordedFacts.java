package org.collectionscheduler.scenario;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.collectionscheduler.run.CollectionRecord;
import org.collectionscheduler.run.Run;
import org.collectionscheduler.run.RunEvent;
import org.collectionscheduler.run.RunEvent.CollectionPaused;
import org.collectionscheduler.run.RunEvent.CollectionRecovered;
import org.collectionscheduler.run.RunEvent.CollectionResumed;
import org.collectionscheduler.run.RunEvent.CollectionSuspended;
import org.collectionscheduler.run.RunEvent.RunFinished;
import org.collectionscheduler.run.RunEvent.RunSkipped;
import org.collectionscheduler.run.RunEvent.RunStarted;
import org.collectionscheduler.run.RunHistory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** A listener as somebody else would write it; it looks, by another connection, at what is stored when it is told. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("scenario.facts")
public class RecordedFacts {

    /** What was told, and whether it was stored by then. */
    public record Fact(String collection, String what, boolean stored) {}

    @Bean
    Recorder factRecorder(ObjectProvider<RunHistory> history) {
        return new Recorder(history);
    }

    /** Knows what was published. */
    public static final class Recorder {

        private final ObjectProvider<RunHistory> history;
        private final List<Fact> facts = new CopyOnWriteArrayList<>();

        Recorder(ObjectProvider<RunHistory> history) {
            this.history = history;
        }

        public List<Fact> of(String collection) {
            return facts.stream()
                    .filter(fact -> fact.collection().equals(collection))
                    .toList();
        }

        @EventListener
        void on(RunStarted event) {
            record(event, isStored(event.run()));
        }

        @EventListener
        void on(RunFinished event) {
            record(event, isStored(event.run()));
        }

        @EventListener
        void on(RunSkipped event) {
            record(event, isStored(event.run()));
        }

        @EventListener
        void on(CollectionPaused event) {
            record(event, stored(event).pausedAt() != null);
        }

        @EventListener
        void on(CollectionResumed event) {
            record(event, stored(event).pausedAt() == null);
        }

        @EventListener
        void on(CollectionSuspended event) {
            record(event, event.until().equals(stored(event).suspendedUntil()));
        }

        @EventListener
        void on(CollectionRecovered event) {
            record(event, stored(event).suspendedUntil() == null);
        }

        private void record(RunEvent event, boolean stored) {
            facts.add(new Fact(event.collection(), event.getClass().getSimpleName(), stored));
        }

        private boolean isStored(Run run) {
            return history.getObject().run(run.id()).filter(run::equals).isPresent();
        }

        private CollectionRecord stored(RunEvent event) {
            return history.getObject().collections().stream()
                    .filter(record -> record.name().equals(event.collection()))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
