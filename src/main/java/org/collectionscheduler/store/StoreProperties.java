package org.collectionscheduler.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.collectionscheduler.settings.Durations;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where results are kept and for how long.
 *
 * @param maxPayloadSize a run that brings back more than this fails
 */
@ConfigurationProperties("scheduler.store")
public record StoreProperties(
        @DefaultValue("embedded") Type type,
        @DefaultValue("./data") Path directory,
        @DefaultValue("8MB") DataSize maxPayloadSize,
        @DefaultValue Retention retention)
        implements SettingsGroup {

    /** {@code EMBEDDED} is a file in the directory; {@code MEMORY} forgets everything at the end of the process. */
    public enum Type {
        EMBEDDED,
        MEMORY
    }

    /**
     * What is kept of each collection. The newest successful payload and the newest run are kept whatever these say.
     *
     * @param payloads most payloads
     * @param runs most finished runs
     * @param age payloads and runs older than this go, however few they are
     */
    public record Retention(
            @DefaultValue("100") int payloads,
            @DefaultValue("1000") int runs,
            @DefaultValue("365d") Duration age) {}

    private static final long LARGEST_PAYLOAD = DataSize.ofMegabytes(256).toBytes();

    @Override
    public void check(Consumer<Problem> problems) {
        checkCount("scheduler.store.retention.payloads", retention.payloads(), problems);
        checkCount("scheduler.store.retention.runs", retention.runs(), problems);
        Durations.checkPositive("scheduler.store.retention.age", retention.age(), problems);
        if (maxPayloadSize.toBytes() < 1024 || maxPayloadSize.toBytes() > LARGEST_PAYLOAD) {
            problems.accept(new Problem(
                    "scheduler.store.max-payload-size",
                    maxPayloadSize.toString(),
                    "must lie between 1KB and 256MB",
                    "Write a size such as 512KB or 8MB"));
        }
    }

    private static void checkCount(String key, int count, Consumer<Problem> problems) {
        if (count < 1) {
            problems.accept(
                    new Problem(key, String.valueOf(count), "must be at least 1", "Write a whole number from 1 up"));
        }
    }
}
