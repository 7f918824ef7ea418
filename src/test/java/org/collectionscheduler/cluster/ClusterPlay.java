package org.collectionscheduler.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.collectionscheduler.cluster.ClusterPlan.Step;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Plays a plan over real processes, and gathers what they leave behind. */
final class ClusterPlay implements AutoCloseable {

    private static final Duration START_PATIENCE = Duration.ofSeconds(150);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(45);

    /** From the end of the last hurt on, everything must be as if nothing had been by then. */
    private static final Duration CALM = Duration.ofSeconds(30);

    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration OPERATE_EVERY = Duration.ofMillis(400);

    private static final String RELOAD = "/api/reload?reason=played";

    private static final Duration PILE_UP = Duration.ofMillis(600);

    /** Of so many collections a change of the configuration changes one, and not its schedule. */
    private static final int RECONFIGURED = 3;

    private static final Duration TAKEN_OVER = Duration.ofSeconds(30);

    /** Of so many collections operators pause and resume one. */
    private static final int HANDLED = 8;

    private final ClusterPlan plan;
    private final Path directory;
    private final PlayedDatabase database;
    private final PlayedInstance.Common common;
    private final List<Place> places = new ArrayList<>();
    private final List<PlayedInstance> instances = new CopyOnWriteArrayList<>();
    private final Set<PlayedInstance> ended = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean databaseHurt = new AtomicBoolean();
    private final List<Span> databaseTroubles = new CopyOnWriteArrayList<>();
    private final List<Span> skewed = new CopyOnWriteArrayList<>();
    private final Map<Hurt, Integer> done = new EnumMap<>(Hurt.class);
    private final List<String> diary = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();
    private final Map<Long, Instant> drained = new ConcurrentHashMap<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(12);
    private final Thread killer = new Thread(this::killAll);
    private volatile Instant beginning = Instant.now();
    private int generation;

    /** Where one instance after the other runs. */
    private static final class Place {

        private final int number;
        private final AtomicBoolean hurt = new AtomicBoolean(true);
        private volatile @Nullable PlayedInstance instance;

        Place(int number) {
            this.number = number;
        }

        PlayedInstance instance() {
            return Objects.requireNonNull(instance);
        }
    }

    /**
     * How it ended.
     *
     * @param diary what was done and when, in words
     */
    record Outcome(Figures figures, Evidence evidence, List<String> faults, List<String> diary) {}

    ClusterPlay(ClusterPlan plan, Path directory) throws IOException {
        this.plan = plan;
        this.directory = directory;
        Runtime.getRuntime().addShutdownHook(killer);
        database = new PlayedDatabase(directory);
        Path token = Files.writeString(directory.resolve("token"), "a-token-of-the-play-" + plan.seed());
        common = new PlayedInstance.Common(database.url(), configuration(), token);
    }

    private synchronized Path configuration() throws IOException {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("scheduler.source", "host");
        properties.put("scheduler.cluster.lease", ClusterPlan.LEASE.toSeconds() + "s");
        properties.put("scheduler.cluster.poll-interval", "1s");
        properties.put("scheduler.max-concurrent-runs", "32");
        properties.put("scheduler.shutdown-timeout", "8s");
        properties.put("scheduler.store.timeout", "5s");
        for (String builtIn : List.of("cluster-metadata", "resource-inventory", "retention")) {
            properties.put("scheduler.collections." + builtIn + ".enabled", "false");
        }
        for (int i = 0; i < plan.collections().size(); i++) {
            PlannedCollection collection = plan.collections().get(i);
            properties.putAll(collection.properties());
            if (i % RECONFIGURED == 0) {
                properties.put("scheduler.collections." + collection.name() + ".owner", "generation-" + generation);
            }
        }
        List<String> lines = properties.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
        // Whoever reads it meanwhile reads one or the other.
        Path written = Files.write(directory.resolve("play.properties.new"), lines);
        return Files.move(written, directory.resolve("play.properties"), StandardCopyOption.ATOMIC_MOVE);
    }

    PlayedDatabase database() {
        return database;
    }

    /** Starts everything. */
    ClusterPlay begin() throws Exception {
        List<ScheduledFuture<?>> starts = new ArrayList<>();
        for (int i = 0; i < plan.instances(); i++) {
            Place place = new Place(i);
            places.add(place);
            starts.add(threads.schedule(() -> act("start", () -> replace(place)), 0, TimeUnit.MILLISECONDS));
        }
        awaitAll(starts, START_PATIENCE);
        beginning = Instant.now();
        say("begun");
        return this;
    }

    /** Does what is planned, until everything is calm again and has been for long enough to judge. */
    Outcome play() throws Exception {
        Random random = new Random(plan.seed() + 1);
        ScheduledFuture<?> operators = threads.scheduleWithFixedDelay(
                () -> act("operate", () -> operate(random)), 0, OPERATE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        List<ScheduledFuture<?>> steps = new ArrayList<>();
        for (Step step : plan.steps()) {
            steps.add(threads.schedule(
                    () -> act(step.toString(), () -> perform(step)), step.at().toMillis(), TimeUnit.MILLISECONDS));
        }
        pass(plan.length());
        boolean unused = operators.cancel(false);
        awaitAll(steps, START_PATIENCE.multipliedBy(2));
        return settle();
    }

    private Outcome settle() throws Exception {
        resumeAll();
        places.forEach(place -> awaitServing(place.instance(), SETTLE));
        reloadAll();
        Instant calm = now();
        say("calm");
        Duration servedWithin = awaitServed(calm);
        Instant until = now();
        awaitDecided(until);
        stopAll();
        Evidence evidence = evidence(Stored.read(database.jdbc()), until);
        faults.addAll(new Checks(evidence).faults());
        faults.addAll(new Logs(instances, databaseTroubles).faults());
        Set<Instant> deaths = instances.stream()
                .flatMap(instance -> Stream.ofNullable(instance.diedAt()))
                .collect(Collectors.toSet());
        Figures figures = Figures.of(plan, done, evidence, deaths, new Figures.Calm(calm, servedWithin));
        figures.afterDeaths().stream().filter(this::isTakenOverTooLate).forEach(late -> faults.add("late: " + late));
        return new Outcome(figures, evidence, List.copyOf(faults), List.copyOf(diary));
    }

    /** What the database's troubles have held up is not looked at. */
    private boolean isTakenOverTooLate(Figures.Elsewhere elsewhere) {
        Instant begun = elsewhere.death().plus(elsewhere.begunAfter());
        return elsewhere.begunAfter().compareTo(TAKEN_OVER) > 0
                && databaseTroubles.stream()
                        .noneMatch(trouble ->
                                !trouble.from().isAfter(begun) && !trouble.to().isBefore(elsewhere.death()));
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private Duration awaitServed(Instant calm) {
        Set<String> wanted = plan.collections().stream()
                .filter(collection -> !collection.isRested())
                .map(PlannedCollection::name)
                .collect(Collectors.toSet());
        boolean served = isWithin(SETTLE, () -> {
            Stored.readRuns(database.jdbc()).stream()
                    .filter(run ->
                            run.scheduledAt() != null && run.scheduledAt().isAfter(calm))
                    .forEach(run -> wanted.remove(run.collection()));
            return wanted.isEmpty();
        });
        Duration within = Duration.between(calm, Instant.now());
        if (!served || within.compareTo(CALM) > 0) {
            faults.add("not served within " + CALM + " of calm, but " + within + "; still not: " + wanted);
        }
        return within;
    }

    private void awaitDecided(Instant until) {
        boolean unused = isWithin(
                SETTLE,
                () -> new Checks(evidence(Stored.read(database.jdbc()), until))
                        .pending()
                        .isEmpty());
    }

    private interface Condition {
        boolean isMet() throws Exception;
    }

    private static boolean isWithin(Duration patience, Condition condition) {
        try {
            await().atMost(patience).pollInterval(Duration.ofMillis(500)).until(condition::isMet);
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }

    private Evidence evidence(Stored stored, Instant until) throws IOException {
        List<Activity> activities = new ArrayList<>();
        Map<Long, List<Span>> frozen = new LinkedHashMap<>();
        for (PlayedInstance instance : instances) {
            activities.addAll(Activity.read(instance.directory().resolve("history"), instance.diedAt()));
            frozen.put(instance.pid(), instance.frozen());
        }
        return new Evidence(plan.collections(), stored, activities, until, List.copyOf(skewed), frozen, drained);
    }

    private interface Act {
        void perform() throws Exception;
    }

    private void act(String what, Act act) {
        try {
            act.perform();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | AssertionError e) {
            if (closing.getCount() > 0) {
                faults.add("the play itself failed at '" + what + "': " + e);
            }
        }
    }

    private static void awaitAll(List<ScheduledFuture<?>> futures, Duration patience)
            throws InterruptedException, ExecutionException, TimeoutException {
        for (ScheduledFuture<?> future : futures) {
            future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void pass(Duration duration) throws InterruptedException {
        if (closing.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new InterruptedException("the play is broken off");
        }
    }

    private void say(String what) {
        diary.add(Duration.between(beginning, Instant.now()).toMillis() / 1000.0 + "s " + what);
    }

    private void perform(Step step) throws Exception {
        switch (step.hurt()) {
            case KILL ->
                atPlace(step, place -> {
                    PlayedInstance instance = place.instance();
                    ended.add(instance);
                    instance.kill9();
                    pass(step.duration());
                    replace(place);
                });
            case FREEZE, STALL -> atPlace(step, place -> place.instance().freeze(() -> pass(step.duration())));
            case FREEZE_WRITING -> atPlace(step, place -> freezeWriting(place.instance(), step.duration()));
            case RESTART -> atPlace(step, this::restart);
            case ROLL -> roll(step);
            case DRAIN -> atPlace(step, place -> drain(place, step.duration()));
            case SKEW -> atPlace(step, place -> skew(place.instance(), step));
            case BREAK_STATEMENTS -> atPlace(step, place -> breakStatements(place.instance(), step));
            case RESTART_DATABASE, STOP_DATABASE ->
                atDatabase(step, () -> {
                    database.stop();
                    pass(step.duration());
                    database.start();
                });
            case KILL_DATABASE ->
                atDatabase(step, () -> {
                    database.kill();
                    pass(step.duration());
                    database.start();
                });
            case CUT_CONNECTIONS -> atDatabase(step, () -> say(database.cutConnections() + " connections cut"));
            case RECONFIGURE -> reconfigure(step);
            case READ_ONLY ->
                atDatabase(step, () -> {
                    database.setReadOnly(true);
                    pass(step.duration());
                    database.setReadOnly(false);
                });
        }
    }

    private interface AtPlace {
        void perform(Place place) throws Exception;
    }

    /** At one that suffers nothing else just now; not at all when there is none. */
    private void atPlace(Step step, AtPlace act) throws Exception {
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get((step.draw() + i) % places.size());
            if (place.hurt.compareAndSet(false, true)) {
                say(step + " at " + place.instance());
                count(step.hurt());
                try {
                    act.perform(place);
                } finally {
                    place.hurt.set(false);
                }
                say(step + " over");
                return;
            }
        }
        say(step + " left out");
    }

    private void atDatabase(Step step, Act act) throws Exception {
        if (!databaseHurt.compareAndSet(false, true)) {
            say(step + " left out");
            return;
        }
        say(step.toString());
        count(step.hurt());
        try {
            noted(databaseTroubles, act);
        } finally {
            databaseHurt.set(false);
        }
        say(step + " over");
    }

    private synchronized void count(Hurt hurt) {
        done.merge(hurt, 1, Integer::sum);
    }

    /** By one that serves. One that cannot start while the database is away is started again, as a supervisor does. */
    private void replace(Place place) {
        await().atMost(START_PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            Instant from = Instant.now();
            PlayedInstance instance = PlayedInstance.start(
                    directory.resolve("instance-" + place.number + "-" + instances.size() + "-" + from.toEpochMilli()),
                    common);
            instances.add(instance);
            place.instance = instance;
            awaitServing(instance, START_PATIENCE);
            if (!instance.isAlive()) {
                ended.add(instance);
                Span starting = new Span(from, Instant.now());
                boolean excused = databaseTroubles.stream()
                        .anyMatch(trouble -> !trouble.from().isAfter(starting.to())
                                && !trouble.to().isBefore(starting.from()));
                if (!excused) {
                    faults.add("did not start: " + instance + "\n" + String.join("\n", instance.log()));
                }
                return false;
            }
            return true;
        });
        place.hurt.set(false);
        say("serving: " + place.instance());
    }

    private static void awaitServing(PlayedInstance instance, Duration patience) {
        await().atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> !instance.isAlive() || instance.isServing());
    }

    private void restart(Place place) throws InterruptedException {
        PlayedInstance instance = place.instance();
        ended.add(instance);
        stop(instance);
        replace(place);
    }

    private void stop(PlayedInstance instance) throws InterruptedException {
        instance.sigterm();
        if (!instance.awaitExit(STOP_PATIENCE)) {
            faults.add("did not end within " + STOP_PATIENCE + " of being told: " + instance);
            instance.kill9();
        }
    }

    private void roll(Step step) throws Exception {
        say(step.toString());
        count(step.hurt());
        for (Place place : places) {
            if (place.hurt.compareAndSet(false, true)) {
                try {
                    restart(place);
                } finally {
                    place.hurt.set(false);
                }
            }
        }
        say(step + " over");
    }

    /** Whoever starts meanwhile has read one or the other, and who suffers something just now may not hear of it. */
    private void reconfigure(Step step) throws Exception {
        say(step.toString());
        count(step.hurt());
        synchronized (this) {
            generation++;
        }
        Path unused = configuration();
        for (Place place : places) {
            place.instance().post(RELOAD);
            pass(step.duration().dividedBy(places.size()));
        }
        say(step + " over");
    }

    /** Until all declare what is written, and it is in force. */
    private void reloadAll() {
        places.forEach(place ->
                await().atMost(SETTLE).until(() -> place.instance().post(RELOAD).has("unchanged")));
        boolean agreed = isWithin(SETTLE, () -> places.stream().allMatch(place -> agrees(place.instance())));
        if (!agreed) {
            faults.add("the instances do not agree: " + places.get(0).instance().get("/api/instances"));
        }
    }

    private static boolean agrees(PlayedInstance instance) {
        JsonNode listed = instance.get("/api/instances").path("instances");
        return !listed.isEmpty()
                && listed.valueStream()
                        .allMatch(found -> found.path("differs").isNull()
                                || found.path("differs").isMissingNode());
    }

    private void drain(Place place, Duration duration) throws Exception {
        PlayedInstance instance = place.instance();
        PlayedInstance other = places.get((place.number + 1) % places.size()).instance();
        JsonNode listed = other.get("/api/instances");
        for (JsonNode found : listed.path("instances")) {
            String id = found.path("id").asString("");
            if (id.startsWith(instance.pid() + "@")) {
                boolean told = other.post("/api/instances/" + id + "/drain?reason=played")
                        .has("instances");
                say((told ? "drained " : "drained in vain ") + id);
                if (told) {
                    drained.put(instance.pid(), Instant.now());
                }
            }
        }
        pass(duration);
        restart(place);
    }

    /** What piles up while writes are held goes on when the instance has stopped, and nobody there is to commit it. */
    private void freezeWriting(PlayedInstance instance, Duration duration) throws Exception {
        try (Connection holding = database.holdWrites()) {
            pass(PILE_UP);
            instance.freeze(() -> {
                release(holding);
                pass(duration);
            });
        } catch (SQLException e) {
            say("writes not held: " + e.getMessage());
        }
    }

    private static void release(Connection holding) {
        try {
            holding.close();
        } catch (SQLException e) {
            throw new IllegalStateException("writes may be held", e);
        }
    }

    private void breakStatements(PlayedInstance instance, Step step) throws Exception {
        noted(databaseTroubles, () -> {
            instance.setBreaks(10 + step.draw() % 190);
            pass(step.duration());
            instance.setBreaks(0);
        });
    }

    private void skew(PlayedInstance instance, Step step) throws Exception {
        noted(skewed, () -> {
            instance.setSkew(Duration.ofMillis(step.draw() % 10_001 - 5000));
            pass(step.duration());
            instance.setSkew(Duration.ZERO);
        });
    }

    /** @param spans where it is noted when that was */
    private static void noted(List<Span> spans, Act act) throws Exception {
        Instant from = Instant.now();
        Span open = new Span(from, Instant.MAX);
        spans.add(open);
        try {
            act.perform();
        } finally {
            spans.add(new Span(from, Instant.now()));
            spans.remove(open);
        }
    }

    /** What people do meanwhile, at whichever instance answers. */
    private void operate(Random random) {
        int number = random.nextInt(plan.collections().size());
        Place place = places.get(random.nextInt(places.size()));
        int dice = random.nextInt(10);
        if (place.hurt.get()) {
            return;
        }
        PlannedCollection collection = plan.collections().get(number);
        if (dice < 5) {
            place.instance().post("/api/collections/" + collection.name() + "/run?reason=played");
            return;
        }
        String handled = plan.collections().get(number / HANDLED * HANDLED).name();
        if (dice < 7) {
            paused.add(handled);
            place.instance().post("/api/collections/" + handled + "/pause?reason=played");
        } else {
            place.instance().post("/api/collections/" + handled + "/resume?reason=played");
        }
    }

    /** Again and again until it is done: an answer may be lost. */
    private void resumeAll() {
        Consumer<String> resume = name -> await().atMost(SETTLE)
                .until(() -> places.stream()
                        .map(Place::instance)
                        .anyMatch(instance -> instance.post("/api/collections/" + name + "/resume?reason=played")
                                .has("changed")));
        paused.forEach(resume);
    }

    private void stopAll() throws InterruptedException {
        for (Place place : places) {
            PlayedInstance instance = place.instance();
            if (!instance.isAlive()) {
                faults.add("ended by itself: " + instance);
            }
            ended.add(instance);
            instance.sigterm();
        }
        for (PlayedInstance instance : instances) {
            if (!ended.contains(instance)) {
                faults.add("ended by itself: " + instance);
            }
            if (!instance.awaitExit(STOP_PATIENCE)) {
                faults.add("did not end within " + STOP_PATIENCE + " of being told: " + instance);
                instance.kill9();
            }
        }
    }

    private void killAll() {
        instances.forEach(PlayedInstance::close);
    }

    /** Leaves nothing behind, however far it came. */
    @Override
    public void close() throws Exception {
        closing.countDown();
        threads.shutdownNow();
        killAll();
        boolean unused = threads.awaitTermination(30, TimeUnit.SECONDS);
        // One may have been started meanwhile.
        killAll();
        database.close();
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    /** What is wrong with what is stored now, the play being over. */
    List<String> faultsNow(Evidence before) {
        Evidence now = new Evidence(
                before.planned(),
                Stored.read(database.jdbc()),
                before.activities(),
                before.until(),
                before.skewed(),
                before.frozen(),
                before.drained());
        return new Checks(now).faults();
    }
}
