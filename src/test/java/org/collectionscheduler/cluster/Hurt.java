package org.collectionscheduler.cluster;

/** What is done to a deployment. */
enum Hurt {
    /** An instance is killed; another takes its place a little later. */
    KILL,
    /** An instance is stopped for longer than its lease, and goes on as if nothing had happened. */
    FREEZE,
    /** As {@link #FREEZE}, in the midst of what it writes: its transactions stay open, and it tries them again later. */
    FREEZE_WRITING,
    /** An instance is stopped for less than its lease. */
    STALL,
    /** An instance is told to end, and another takes its place. */
    RESTART,
    /** All instances are told to end, one after the other, and others take their places. */
    ROLL,
    /** An instance is drained, and replaced a little later. */
    DRAIN,
    /** The clock of an instance goes wrong, and right again. */
    SKEW,
    /** The connections of an instance break in the midst of statements, before or after these are executed. */
    BREAK_STATEMENTS,
    /** The database is restarted. */
    RESTART_DATABASE,
    /** The database is killed and started again. */
    KILL_DATABASE,
    /** The database is away for a while. */
    STOP_DATABASE,
    /** Every connection is cut. */
    CUT_CONNECTIONS,
    /** Nothing can be written for a while. */
    READ_ONLY,
    /** Another configuration is written, and one instance after the other reloads it. */
    RECONFIGURE;

    /** As often as it stands here it is chosen; one that does not is played at times of its own. */
    int weight() {
        return switch (this) {
            case KILL -> 5;
            case FREEZE, FREEZE_WRITING -> 4;
            case STALL, RESTART, SKEW, BREAK_STATEMENTS, CUT_CONNECTIONS -> 3;
            case DRAIN, RESTART_DATABASE, KILL_DATABASE, READ_ONLY -> 2;
            case ROLL -> 1;
            case STOP_DATABASE, RECONFIGURE -> 0;
        };
    }
}
