package org.collectionscheduler.catalog;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.collectionscheduler.run.RunOutcome;
import org.collectionscheduler.schedule.CollectionState;
import org.collectionscheduler.settings.Names;
import org.jspecify.annotations.Nullable;

/**
 * Which collections are wanted; null means any.
 *
 * @param collector its name, which compares without case and dashes
 * @param labels each must be there
 * @param outcome of the run that finished last
 * @param nextRunBefore runs next before that
 * @param nextRunAfter runs next after that
 * @param text found in the name, the collector's name, the owner or a label, without regard to case
 */
public record CollectionFilter(
        @Nullable CollectionState state,
        @Nullable String collector,
        @Nullable String owner,
        List<Label> labels,
        @Nullable RunOutcome outcome,
        @Nullable Instant nextRunBefore,
        @Nullable Instant nextRunAfter,
        @Nullable String text) {

    public static final CollectionFilter ALL = new CollectionFilter(null, null, null, List.of(), null, null, null, null);

    /** @param value null means any */
    public record Label(String name, @Nullable String value) {}

    /** What the declaration alone decides. */
    boolean accepts(Definition definition) {
        Map<String, String> labels = definition.policies().labels();
        return (collector == null
                        || Names.canonical(collector)
                                .equals(Names.canonical(definition.collector().name())))
                && (owner == null || owner.equals(definition.policies().owner()))
                && this.labels.stream().allMatch(label -> isAmong(label, labels))
                && (text == null || holds(definition, text.toLowerCase(Locale.ROOT)));
    }

    /** The rest. */
    boolean accepts(CollectionStatus status) {
        Instant next = status.nextRunAt();
        return (state == null || state == status.state())
                && (outcome == null
                        || status.last() != null && outcome == status.last().outcome())
                && (nextRunBefore == null || next != null && next.isBefore(nextRunBefore))
                && (nextRunAfter == null || next != null && next.isAfter(nextRunAfter));
    }

    private static boolean isAmong(Label wanted, Map<String, String> labels) {
        String value = labels.get(wanted.name());
        return value != null && (wanted.value() == null || wanted.value().equals(value));
    }

    private static boolean holds(Definition definition, String text) {
        String owner = definition.policies().owner();
        return holds(definition.name(), text)
                || holds(definition.collector().name(), text)
                || owner != null && holds(owner, text)
                || definition.policies().labels().entrySet().stream()
                        .anyMatch(label -> holds(label.getKey() + "=" + label.getValue(), text));
    }

    private static boolean holds(String where, String text) {
        return where.toLowerCase(Locale.ROOT).contains(text);
    }
}
