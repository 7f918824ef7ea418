package org.collectionscheduler.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What is played: it follows from the seed alone, but for what the machine's speed makes of it.
 *
 * @param instances how many at a time
 * @param length of the time in which hurts begin
 * @param steps in the order of their times
 */
record ClusterPlan(long seed, int instances, Duration length, List<PlannedCollection> collections, List<Step> steps) {

    static final Duration LEASE = Duration.ofSeconds(6);

    private static final Duration LENGTH = Duration.ofSeconds(Integer.getInteger("cluster.seconds", 80));
    private static final int COLLECTIONS = Integer.getInteger("cluster.collections", 200);

    private static final int FEW = 60;

    private static final int RECONFIGURATIONS = 3;

    ClusterPlan {
        collections = List.copyOf(collections);
        steps = List.copyOf(steps);
    }

    /**
     * A hurt.
     *
     * @param at after the beginning of the play
     * @param duration how long it lasts, where it lasts
     * @param draw chooses whom it hits, and what else there is to be chosen; not negative
     */
    record Step(Duration at, Hurt hurt, Duration duration, int draw) {

        @Override
        public String toString() {
            return at.toMillis() / 1000.0 + "s " + hurt + " " + duration.toMillis() / 1000.0 + "s #" + draw;
        }
    }

    static ClusterPlan of(long seed) {
        Random random = new Random(seed);
        int instances = 3 + random.nextInt(3);
        List<PlannedCollection> collections = collections(random);
        List<Step> steps = steps(random, LENGTH);
        Random apart = new Random(~seed);
        for (int i = 0; i < RECONFIGURATIONS; i++) {
            Duration at = Duration.ofMillis(apart.nextInt((int) LENGTH.toMillis()));
            steps.add(new Step(at, Hurt.RECONFIGURE, duration(Hurt.RECONFIGURE, apart), apart.nextInt(1_000_000)));
        }
        steps.sort(Comparator.comparing(Step::at));
        return new ClusterPlan(seed, instances, LENGTH, collections, steps);
    }

    /** A short one without any hurt, and few collections. */
    static ClusterPlan quiet(long seed, Duration length) {
        Random random = new Random(seed);
        List<PlannedCollection> few = collections(random).stream()
                .filter(collection -> collection.behaviour() != Behaviour.STUBBORN)
                .limit(FEW)
                .toList();
        return new ClusterPlan(seed, 2, length, few, List.of());
    }

    private static List<PlannedCollection> collections(Random random) {
        List<PlannedCollection> collections = new ArrayList<>();
        int count = COLLECTIONS + random.nextInt(COLLECTIONS / 3);
        for (int i = 0; i < count; i++) {
            collections.add(collection(i, random));
        }
        return collections;
    }

    private static PlannedCollection collection(int number, Random random) {
        Behaviour behaviour = behaviour(number, random);
        Map<String, String> settings = new HashMap<>();
        boolean cron = random.nextInt(4) == 0;
        Duration every = cron
                ? Duration.ofSeconds(List.of(4, 5, 6, 10, 12, 15).get(random.nextInt(6)))
                : Duration.ofMillis(2000 + random.nextInt(13_000));
        int maxOverlap = 1;
        if (random.nextInt(5) == 0) {
            maxOverlap = 2;
            settings.put("overlap", "allow");
            settings.put("max-overlap", "2");
        }
        if (random.nextInt(4) == 0) {
            settings.put("missed-runs", "skip");
        }
        if (behaviour == Behaviour.STUBBORN) {
            settings.put("timeout", "2s");
        }
        settings.put("suspend-after", behaviour == Behaviour.BROKEN ? "3" : "0");
        settings.put("suspend-for", "10s");
        return new PlannedCollection(
                "c" + number + "-" + behaviour.name().toLowerCase(java.util.Locale.ROOT),
                behaviour,
                every,
                cron,
                maxOverlap,
                settings);
    }

    private static Behaviour behaviour(int number, Random random) {
        if (number % 50 == 7) {
            return Behaviour.STUBBORN;
        }
        if (number % 50 == 9) {
            return Behaviour.BROKEN;
        }
        int dice = random.nextInt(100);
        if (dice < 55) {
            return Behaviour.QUICK;
        }
        if (dice < 70) {
            return Behaviour.SLOW;
        }
        return dice < 88 ? Behaviour.FAILING : Behaviour.ONCE;
    }

    private static List<Step> steps(Random random, Duration length) {
        List<Hurt> choice = new ArrayList<>();
        for (Hurt hurt : Hurt.values()) {
            for (int i = 0; i < hurt.weight(); i++) {
                choice.add(hurt);
            }
        }
        List<Step> steps = new ArrayList<>();
        boolean outage = random.nextBoolean();
        long millis = 2000 + random.nextInt(3000);
        while (millis < length.toMillis()) {
            Hurt hurt = choice.get(random.nextInt(choice.size()));
            if (outage && millis > length.toMillis() / 3) {
                hurt = Hurt.STOP_DATABASE;
                outage = false;
            }
            steps.add(new Step(Duration.ofMillis(millis), hurt, duration(hurt, random), random.nextInt(1_000_000)));
            millis += hurt == Hurt.STOP_DATABASE ? 15_000 : 2000 + random.nextInt(5000);
        }
        return steps;
    }

    private static Duration duration(Hurt hurt, Random random) {
        long millis = switch (hurt) {
            case KILL -> 500 + random.nextInt(9000);
            case FREEZE, FREEZE_WRITING -> LEASE.toMillis() + 1500 + random.nextInt(9000);
            case STALL -> 500 + random.nextInt(4000);
            case DRAIN -> 2000 + random.nextInt(8000);
            case SKEW, BREAK_STATEMENTS -> 4000 + random.nextInt(12_000);
            case RESTART_DATABASE, KILL_DATABASE -> random.nextInt(3000);
            case STOP_DATABASE -> 50_000 + random.nextInt(20_000);
            case READ_ONLY -> 3000 + random.nextInt(9000);
            case RECONFIGURE -> random.nextInt(12_000);
            case RESTART, ROLL, CUT_CONNECTIONS -> 0;
        };
        return Duration.ofMillis(millis);
    }
}
