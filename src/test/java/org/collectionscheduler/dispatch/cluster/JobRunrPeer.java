package org.collectionscheduler.dispatch.cluster;

import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;

/** JobRunr's free edition, with jobs that do nothing. */
public final class JobRunrPeer implements AutoCloseable {

    private static volatile Runnable listener = () -> {};

    /** @param finished is run when a job is done */
    JobRunrPeer(DataSource database, int threads, Runnable finished) {
        listener = finished;
        JobRunr.configure()
                .useStorageProvider(new PostgresStorageProvider(database))
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(threads)
                                .andPollIntervalInSeconds(5),
                        false)
                .initialize();
    }

    void addDue(int jobs) {
        BackgroundJob.enqueue(IntStream.range(0, jobs).boxed(), number -> done(number));
    }

    void start() {
        JobRunr.getBackgroundJobServer().start();
    }

    /** A job. */
    public static void done(Integer number) {
        listener.run();
    }

    @Override
    public void close() {
        JobRunr.destroy();
    }
}
