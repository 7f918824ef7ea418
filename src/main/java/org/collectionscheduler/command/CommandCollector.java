package org.collectionscheduler.command;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.CollectionFailedException;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Secret;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs a program; what it writes to its standard output is the data.
 *
 * <p>Whoever chooses the command may do whatever this process may. Only the configuration does: it alone gives a
 * collection the collector of a name and parameters, code in the process gathers by itself, and no request carries either.
 */
final class CommandCollector implements Collector {

    private static final String KIND = "command";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final LongSupplier nanos;

    /** @param nanos monotonic time */
    CommandCollector(LongSupplier nanos) {
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return KIND;
    }

    @Override
    public Class<CommandParameters> parametersType() {
        return CommandParameters.class;
    }

    @Override
    public Collected collect(CollectionContext context) throws CollectionFailedException, InterruptedException {
        CommandParameters parameters = context.parameters(CommandParameters.class);
        CommandRun.Ended ended;
        try (CommandRun run = CommandRun.start(environment(parameters), context, nanos)) {
            ended = run.await(parameters.maxOutput().toBytes());
        } catch (IOException e) {
            throw CollectionFailedException.passing("the command could not be run: " + e.getMessage(), e);
        }
        if (!parameters.exitCodes().contains(ended.exitCode())) {
            throw CollectionFailedException.passing(
                    "the command ended with exit code " + ended.exitCode()
                            + (ended.errors().isBlank() ? "" : ": " + ended.errors()),
                    null);
        }
        return Collected.of(KIND, data(parameters.format(), ended));
    }

    /** Nothing but what the parameters name. */
    private static Map<String, String> environment(CommandParameters parameters) throws CollectionFailedException {
        Map<String, String> environment = new TreeMap<>();
        for (String name : parameters.environment()) {
            String value = System.getenv(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        for (Map.Entry<String, Secret> secret : parameters.secrets().entrySet()) {
            environment.put(secret.getKey(), secret.getValue().value());
        }
        return environment;
    }

    private static Map<String, Object> data(CommandParameters.Format format, CommandRun.Ended ended)
            throws CollectionFailedException {
        if (format == CommandParameters.Format.TEXT) {
            return Map.of("text", ended.output());
        }
        String where = "";
        try {
            Map<String, Object> object =
                    MAPPER.readValue(ended.output(), new TypeReference<LinkedHashMap<String, Object>>() {});
            if (object != null) {
                return object;
            }
        } catch (JacksonException e) {
            if (e.getLocation() != null) {
                where = " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
            }
        }
        throw CollectionFailedException.passing(
                "the command's output is not one JSON object" + where
                        + "; correct the command, or set its parameter format to text",
                null);
    }
}
