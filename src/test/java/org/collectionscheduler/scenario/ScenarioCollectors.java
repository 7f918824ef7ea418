package org.collectionscheduler.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Cost;
import org.collectionscheduler.collector.Section;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

/**
 * Collectors for tests of the whole service: well-behaved, slow, and sick ones. They write what they do into a file of
 * their own, {@code scenario.history}, so that the service's records can be compared with the truth.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("scenario.collectors")
public class ScenarioCollectors {

    public static final String UNRULY_SCHEMA = """
            {
              "title": "The answer – nothing else",
              "type": "object",
              "properties": { "answer": { "type": "integer" } },
              "additionalProperties": false
            }
            """;

    private interface Body {
        Collected collect(CollectionContext context) throws Exception;
    }

    private record Scenario(
            String name,
            boolean repeatable,
            Body body,
            String history,
            @Nullable Resource dataSchema) implements Collector {

        Scenario(String name, boolean repeatable, Body body, String history) {
            this(name, repeatable, body, history, null);
        }

        @Override
        public Collected collect(CollectionContext context) throws Exception {
            write("begin", context);
            Collected collected = body.collect(context);
            write("end", context);
            return collected;
        }

        private void write(String what, CollectionContext context) throws IOException {
            if (!history.isEmpty()) {
                Files.writeString(
                        Path.of(history),
                        what + " " + context.collection() + " " + context.runId() + " " + context.attempt() + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            }
        }
    }

    private final String history;
    private final Duration slowness;

    ScenarioCollectors(Environment environment) {
        history = environment.getProperty("scenario.history", "");
        slowness = Duration.ofMillis(environment.getProperty("scenario.slowness-ms", Long.class, 3000L));
    }

    @Bean
    Collector quick() {
        return new Scenario("quick", true, context -> data(), history);
    }

    /** Takes its time, and comes back when it is interrupted. */
    @Bean
    Collector slow() {
        return new Scenario("slow", true, this::wait, history);
    }

    @Bean
    Collector slowUnrepeatable() {
        return new Scenario("slow-unrepeatable", false, this::wait, history);
    }

    /** Heeds neither interrupt nor close. */
    @Bean
    Collector hanging() {
        return new Scenario(
                "hanging",
                true,
                context -> {
                    while (true) {
                        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                        Thread.interrupted();
                    }
                },
                history);
    }

    @Bean
    Collector erroneous() {
        return new Scenario(
                "erroneous",
                true,
                context -> {
                    throw new AssertionError("broken beyond repair");
                },
                history);
    }

    @Bean
    Collector failing() {
        return new Scenario(
                "failing",
                true,
                context -> {
                    throw CollectionFailedException.lasting("the password is wrong; correct it", null);
                },
                history);
    }

    /** Fails until there is a file beside the history that says it is cured. */
    @Bean
    Collector curable() {
        return new Scenario(
                "curable",
                true,
                context -> {
                    if (!Files.exists(Path.of(history + ".cured"))) {
                        throw new IllegalStateException("not cured yet");
                    }
                    return data();
                },
                history);
    }

    /** Brings back a gigabyte. */
    @Bean
    Collector huge() {
        return new Scenario(
                "huge", true, context -> Collected.of("scenario", Map.of("text", "x".repeat(1 << 30))), history);
    }

    /** Takes all the memory there is, at its first attempt. */
    @Bean
    Collector greedy() {
        return new Scenario(
                "greedy",
                true,
                context -> {
                    List<byte[]> hoard = new ArrayList<>();
                    while (context.attempt() == 1) {
                        hoard.add(new byte[1 << 26]);
                    }
                    return data();
                },
                history);
    }

    @Bean
    Collector halved() {
        return new Scenario(
                "halved",
                true,
                context -> new Collected(
                        "scenario",
                        Map.of("left", 1),
                        List.of(),
                        Map.of("left", Section.ok(), "right", Section.forbidden("nobody may look right")),
                        Cost.NONE),
                history);
    }

    /** Does not keep the schema that it publishes. */
    @Bean
    Collector unruly() {
        return new Scenario(
                "unruly",
                true,
                context -> Collected.of("scenario", Map.of("answer", "zqsecret", "zqname", 1)),
                history,
                new ByteArrayResource(UNRULY_SCHEMA.getBytes(StandardCharsets.UTF_8)));
    }

    private Collected wait(CollectionContext context) throws InterruptedException {
        boolean never = new CountDownLatch(1).await(slowness.toMillis(), TimeUnit.MILLISECONDS);
        Map<String, Object> data = new LinkedHashMap<>(data().data());
        data.put("counted", never);
        return Collected.of("scenario", data);
    }

    private static Collected data() {
        return Collected.of("scenario", Map.of("answer", 42));
    }
}
