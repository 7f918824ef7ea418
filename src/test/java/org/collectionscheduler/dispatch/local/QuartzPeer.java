package org.collectionscheduler.dispatch.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import javax.sql.DataSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz with jobs that do nothing; it keeps no history. Triggers are taken in batches, which is its fastest way. */
public final class QuartzPeer implements AutoCloseable {

    private static final AtomicInteger INSTANCES = new AtomicInteger();
    private static volatile BiConsumer<Instant, Instant> listener = (scheduled, started) -> {};

    private final Scheduler scheduler;

    private QuartzPeer(Properties properties, int threads) throws SchedulerException {
        properties.setProperty("org.quartz.scheduler.instanceName", "quartz-" + INSTANCES.incrementAndGet());
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        properties.setProperty("org.quartz.threadPool.threadCount", String.valueOf(threads));
        properties.putIfAbsent("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(threads));
        scheduler = new StdSchedulerFactory(properties).getScheduler();
    }

    static QuartzPeer inMemory(int threads) throws SchedulerException {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
        properties.setProperty("org.quartz.jobStore.misfireThreshold", "600000");
        return new QuartzPeer(properties, threads);
    }

    /** On PostgreSQL, in tables that are made for it. */
    static QuartzPeer onPostgreSql(DataSource database, int threads)
            throws SchedulerException, SQLException, IOException {
        return new QuartzPeer(onPostgreSql(database), threads);
    }

    /**
     * Likewise, as one of those that share the tables.
     *
     * @param batch how many triggers it takes at a time
     */
    public static QuartzPeer clustered(DataSource database, int threads, int batch)
            throws SchedulerException, SQLException, IOException {
        Properties properties = onPostgreSql(database);
        properties.setProperty("org.quartz.jobStore.isClustered", "true");
        properties.setProperty("org.quartz.scheduler.instanceId", "AUTO");
        properties.setProperty("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(batch));
        return new QuartzPeer(properties, threads);
    }

    private static Properties onPostgreSql(DataSource database) throws SQLException, IOException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                InputStream tables =
                        Job.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_postgres.sql")) {
            statement.execute(
                    new String(java.util.Objects.requireNonNull(tables).readAllBytes(), StandardCharsets.UTF_8));
        }
        DBConnectionManager.getInstance().addConnectionProvider("bench", new Provider(database));
        Properties properties = new Properties();
        properties.setProperty("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.setProperty(
                "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        properties.setProperty("org.quartz.jobStore.dataSource", "bench");
        properties.setProperty("org.quartz.jobStore.misfireThreshold", "600000");
        properties.setProperty("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        return properties;
    }

    /** Has so many jobs wait for {@link #runAll}, one run each. */
    public void addDue(String prefix, int jobs) throws SchedulerException {
        Date now = new Date();
        add(prefix, jobs, i -> TriggerBuilder.newTrigger().startAt(now));
    }

    /** Has so many jobs fire once a {@code period}, evenly spread over it, the first at {@code start}. */
    void addPeriodic(int jobs, Instant start, Duration period) throws SchedulerException {
        add(
                "job",
                jobs,
                i -> TriggerBuilder.newTrigger()
                        .startAt(Date.from(start.plus(period.multipliedBy(i).dividedBy(jobs))))
                        .withSchedule(SimpleScheduleBuilder.simpleSchedule()
                                .withIntervalInMilliseconds(period.toMillis())
                                .repeatForever()));
    }

    private void add(String prefix, int jobs, IntFunction<TriggerBuilder<?>> trigger) throws SchedulerException {
        Map<JobDetail, Set<? extends Trigger>> all = new HashMap<>();
        for (int i = 0; i < jobs; i++) {
            String name = prefix + i;
            JobDetail job = JobBuilder.newJob(NoOp.class)
                    .withIdentity(name)
                    .storeDurably()
                    .build();
            all.put(
                    job,
                    new HashSet<>(Set.of(
                            trigger.apply(i).withIdentity(name).forJob(job).build())));
        }
        scheduler.scheduleJobs(all, false);
    }

    /** Runs every job once and returns when all have been. */
    public void runAll(int jobs) throws SchedulerException, InterruptedException {
        CountDownLatch finished = new CountDownLatch(jobs);
        start((scheduled, started) -> finished.countDown());
        if (!finished.await(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("jobs without an end: " + finished.getCount());
        }
        scheduler.standby();
    }

    /** @param runs hears when each run was scheduled and when it started */
    void start(BiConsumer<Instant, Instant> runs) throws SchedulerException {
        listener = runs;
        scheduler.start();
    }

    @Override
    public void close() throws SchedulerException {
        scheduler.shutdown(true);
    }

    /** Made by Quartz. */
    public static final class NoOp implements Job {

        @Override
        public void execute(JobExecutionContext context) {
            listener.accept(context.getScheduledFireTime().toInstant(), Instant.now());
        }
    }

    private record Provider(DataSource database) implements ConnectionProvider {

        @Override
        public Connection getConnection() throws SQLException {
            return database.getConnection();
        }

        @Override
        public void shutdown() {}

        @Override
        public void initialize() {}
    }
}
