package org.collectionscheduler.dispatch.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.collectionscheduler.run.Instance;
import org.collectionscheduler.run.InstanceStatus;
import org.collectionscheduler.run.Instances;
import org.collectionscheduler.run.RunPipeline;

/** This process, which is alone. */
final class LocalInstances implements Instances {

    private final LocalDispatcher dispatcher;
    private final RunPipeline pipeline;
    private final Instance me;
    private final Instant startedAt;

    LocalInstances(LocalDispatcher dispatcher, RunPipeline pipeline, Instance me, Clock clock) {
        this.dispatcher = dispatcher;
        this.pipeline = pipeline;
        this.me = me;
        this.startedAt = Instant.ofEpochMilli(clock.millis());
    }

    @Override
    public List<InstanceStatus> list() {
        return List.of(new InstanceStatus(
                me.id(), me.host(), me.version(), startedAt, null, pipeline.running(), pipeline.isDrained(), null));
    }

    /** Nobody takes what it leaves before its next start. */
    @Override
    public boolean drain(String id) {
        if (!id.equals(me.id())) {
            return false;
        }
        dispatcher.stop();
        pipeline.handOver();
        return true;
    }

    /** There is no other clock. */
    @Override
    public Duration clockDifference() {
        return Duration.ZERO;
    }
}
