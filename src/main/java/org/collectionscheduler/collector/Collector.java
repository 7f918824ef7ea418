package org.collectionscheduler.collector;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/**
 * Code that gathers something. Declared as a Spring bean; a collection of the same name, or one that names it in
 * {@code scheduler.collections.<name>.collector}, runs it on schedule.
 *
 * <p>One instance serves every run, possibly of several collections at the same time: keep what belongs to one run in
 * local variables.
 */
public interface Collector {

    /** The name used in configuration: lower-case letters, digits and dashes, unique in the process. */
    String name();

    /** The shortest interval that any collection of this collector may have; shorter ones are raised to it. */
    default Duration minimumInterval() {
        return Duration.ofSeconds(1);
    }

    /**
     * Whether collecting a second time after an attempt whose end is unknown does no harm. False means that a run is
     * attempted at most once: after a crash it is given up instead of repeated.
     */
    default boolean repeatable() {
        return true;
    }

    /**
     * The record of parameters that a collection of this collector has, bound from {@code
     * scheduler.collections.<name>.parameters} with the conversions of all settings, once, at start. What is neither
     * annotated with {@code @DefaultValue} nor with {@code @Nullable} is required; what the record's constructor refuses,
     * by an {@link IllegalArgumentException} with a message for the operator, refuses the start. What nobody may see is a
     * {@link Secret}.
     *
     * @return null when there are none
     */
    default @Nullable Class<? extends Record> parametersType() {
        return null;
    }

    /**
     * The JSON Schema, draft 2020-12, that {@link Collected#data()} keeps. It is read once, at start, published under
     * the collector's name, and every result is checked against it: one that does not match fails the run and is not
     * stored. Failures name only those properties that the schema declares, and no values.
     *
     * @return null when any object will do
     */
    default @Nullable Resource dataSchema() {
        return null;
    }

    /**
     * Gathers once. Called on a thread that it has to itself until it returns, and that others have after it: nothing may
     * be left in thread-locals. It is interrupted when the attempt's timeout has passed or the service stops; resources
     * given to {@link CollectionContext#closeOnCancel} are closed at the same moment.
     *
     * @return what was gathered; parts that could not be are named as sections that are not {@code OK}
     * @throws CollectionFailedException with a message for an operator, and whether another attempt is worth making
     * @throws Exception anything else is a failure that is retried
     */
    Collected collect(CollectionContext context) throws Exception;
}
