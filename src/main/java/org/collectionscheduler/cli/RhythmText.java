package org.collectionscheduler.cli;

import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.Durations;

/** Rhythms with durations as operators write them. */
final class RhythmText {

    private RhythmText() {}

    static String of(Rhythm rhythm) {
        return rhythm instanceof Rhythm.Interval ? "every " + shortOf(rhythm) : rhythm.text();
    }

    /** An interval's duration alone. */
    static String shortOf(Rhythm rhythm) {
        return rhythm instanceof Rhythm.Interval interval ? Durations.text(interval.every()) : rhythm.text();
    }
}
