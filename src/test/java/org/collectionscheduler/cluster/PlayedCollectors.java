package org.collectionscheduler.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.run.Instance;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;

/**
 * What is different in an instance of a play: its collectors, which write what they do and when, by the machine's clock,
 * into a file of the process; and the service's clock, which the play can set wrong.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(PlayedCollectors.HISTORY)
public class PlayedCollectors {

    static final String HISTORY = "cluster.history";

    /** A directory in which the play writes what an instance is to suffer. */
    static final String CONTROLS = "cluster.controls";

    @Bean
    History history(Environment environment) throws IOException {
        return new History(Path.of(environment.getRequiredProperty(HISTORY)));
    }

    @Bean
    @Primary
    Clock playedClock(Environment environment) {
        return new PlayedClock(Path.of(environment.getRequiredProperty(CONTROLS)));
    }

    @Bean
    Collector playedQuick(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.QUICK, history, instance);
    }

    @Bean
    Collector playedSlow(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.SLOW, history, instance);
    }

    @Bean
    Collector playedFailing(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.FAILING, history, instance);
    }

    @Bean
    Collector playedOnce(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.ONCE, history, instance);
    }

    @Bean
    Collector playedStubborn(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.STUBBORN, history, instance);
    }

    @Bean
    Collector playedBroken(History history, ObjectProvider<Instance> instance) {
        return new Played(Behaviour.BROKEN, history, instance);
    }

    /** The file, one line an event; what was written outlives the process. */
    static final class History implements AutoCloseable {

        private final FileChannel file;

        History(Path path) throws IOException {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        synchronized void write(String event, CollectionContext context, String instance) throws IOException {
            Instant now = Instant.now();
            String line = event + " " + context.collection() + " " + context.runId() + " " + context.attempt() + " "
                    + instance + " " + (now.getEpochSecond() * 1_000_000_000L + now.getNano()) + "\n";
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private record Played(Behaviour behaviour, History history, ObjectProvider<Instance> instance)
            implements Collector {

        @Override
        public String name() {
            return behaviour.collector();
        }

        @Override
        public boolean repeatable() {
            return behaviour != Behaviour.ONCE;
        }

        @Override
        public Collected collect(CollectionContext context) throws Exception {
            String me = instance.getObject().id();
            // Closed by no interrupt of this thread, as a channel would be: the events of others follow.
            write("begin", context, me);
            String end = "failed";
            try {
                behave(new Random(context.runId().hashCode() + 31L * context.attempt()));
                end = "succeeded";
                return Collected.of("played", Map.of("attempt", context.attempt()));
            } finally {
                write(end, context, me);
            }
        }

        private void write(String event, CollectionContext context, String me) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                history.write(event, context, me);
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        private void behave(Random random) throws InterruptedException {
            switch (behaviour) {
                case QUICK -> {}
                case SLOW -> pass(1000 + random.nextInt(5000));
                case ONCE -> pass(random.nextInt(3000));
                case FAILING -> {
                    pass(random.nextInt(300));
                    failIf(random.nextInt(3) == 0);
                }
                case STUBBORN -> passStubbornly(1000 + random.nextInt(5000));
                case BROKEN -> failIf(true);
            }
        }

        private static void pass(int millis) throws InterruptedException {
            if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        }

        private static void passStubbornly(int millis) {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < end) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                boolean unused = Thread.interrupted();
            }
        }

        private static void failIf(boolean fails) {
            if (fails) {
                throw new IllegalStateException("as it was planned");
            }
        }
    }
}
