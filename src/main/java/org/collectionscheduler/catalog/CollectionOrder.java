package org.collectionscheduler.catalog;

import java.time.Instant;
import java.util.Comparator;
import java.util.function.Function;
import org.collectionscheduler.run.Run;
import org.jspecify.annotations.Nullable;

/**
 * The order of a list of collections: by a key, and by name where that is the same. Without a key they come last, in
 * either direction.
 */
public record CollectionOrder(Key key, boolean descending) {

    public static final CollectionOrder BY_NAME = new CollectionOrder(Key.NAME, false);

    /** What collections can be ordered by. */
    public enum Key {
        NAME("name", Definition::name),
        COLLECTOR("collector", definition -> definition.collector().name()),
        OWNER("owner", definition -> definition.policies().owner()),
        STATE("state", null, status -> status.state().name()),
        NEXT_RUN_AT("nextRunAt", null, status -> text(status.nextRunAt())),
        LAST_STARTED_AT("lastStartedAt", null, status -> text(status.record().lastStartedAt())),
        LAST_FINISHED_AT("lastFinishedAt", null, status -> text(finishedAt(status.last()))),
        LAST_SUCCESS_AT("lastSuccessAt", null, status -> text(status.record().lastSuccessAt()));

        private final String parameter;
        private final @Nullable Function<Definition, @Nullable String> declared;
        private final Function<CollectionStatus, @Nullable String> value;

        Key(String parameter, Function<Definition, @Nullable String> declared) {
            this(parameter, declared, status -> declared.apply(status.definition()));
        }

        /** @param declared the same value, read off the declaration; null when that does not tell it */
        Key(
                String parameter,
                @Nullable Function<Definition, @Nullable String> declared,
                Function<CollectionStatus, @Nullable String> value) {
            this.parameter = parameter;
            this.declared = declared;
            this.value = value;
        }

        /** As it is written in requests. */
        public String parameter() {
            return parameter;
        }

        private static @Nullable Instant finishedAt(@Nullable Run run) {
            return run == null ? null : run.finishedAt();
        }

        /** In the order of the instants, as long as they lie between 1970 and the year 5138. */
        private static @Nullable String text(@Nullable Instant instant) {
            return instant == null ? null : "%014d".formatted(Math.max(0, instant.toEpochMilli()));
        }
    }

    /**
     * Where a collection stands in this order.
     *
     * @param value of the key; null without one
     */
    public record Position(@Nullable String value, String name) {}

    boolean isByName() {
        return key == Key.NAME;
    }

    Position position(CollectionStatus status) {
        return new Position(key.value.apply(status), status.name());
    }

    /** Where collections stand whatever is stored of them; null when this order goes by that. */
    @Nullable Function<Definition, Position> declared() {
        Function<Definition, @Nullable String> declared = key.declared;
        return declared == null ? null : definition -> new Position(declared.apply(definition), definition.name());
    }

    Comparator<Position> comparator() {
        Comparator<String> values = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
        return Comparator.comparing(Position::value, Comparator.nullsLast(values))
                .thenComparing(Position::name);
    }
}
