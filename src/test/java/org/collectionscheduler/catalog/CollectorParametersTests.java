package org.collectionscheduler.catalog;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.collectionscheduler.collector.Collected;
import org.collectionscheduler.collector.CollectionContext;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.collector.Secret;
import org.collectionscheduler.run.Parameters;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsCheck;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.DefaultValue;

class CollectorParametersTests {

    private static final List<Class<? extends SettingsGroup>> TYPES = List.of(
            CatalogProperties.class,
            ScheduleProperties.class,
            PolicyProperties.class,
            QuietProperties.class,
            ParameterKeys.class);

    private static final List<Collector> COLLECTORS = List.of(
            new ParameterizedCollector("weather", WeatherParameters.class), new ParameterizedCollector("plain", null));

    private static final SettingsCheck CHECK = (settings, problems) ->
            Definitions.of(settings::get, COLLECTORS, new CollectorParameters(settings), problems);

    @TempDir
    private Path directory;

    private Path token;

    record WeatherParameters(
            URI url,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue List<String> cities,
            @Nullable Secret token,
            @DefaultValue List<Account> accounts,
            @DefaultValue Map<String, Secret> keys) {

        WeatherParameters {
            if (timeout.toMinutes() > 1) {
                throw new IllegalArgumentException("timeout must be at most 1m");
            }
        }
    }

    record Account(String user, Secret password) {}

    record ParameterizedCollector(String name, @Nullable Class<? extends Record> parametersType) implements Collector {
        @Override
        public Collected collect(CollectionContext context) {
            throw new UnsupportedOperationException("only its parameters matter here");
        }
    }

    @BeforeEach
    void writeToken() throws Exception {
        token = Files.writeString(directory.resolve("token"), "hush-token\n");
    }

    @Test
    void readsWhatIsWrittenAsTheCollectorsOwnType() throws Exception {
        Parameters parameters = right(
                weather("""
                url: https://weather.example
                cities: [Rome, Oslo]
                token: {secret-file: %1$s}
                accounts: [{user: ann, password: {secret-env: PATH}}]
                keys: {first: {secret-file: %1$s}}
                """.formatted(token)).andVariable("SCHEDULER_COLLECTIONS_WEATHER_PARAMETERS_TIMEOUT", "45s"));

        WeatherParameters weather = (WeatherParameters) requireNonNull(parameters.value());
        assertThat(weather.url()).hasHost("weather.example");
        assertThat(weather.timeout()).hasSeconds(45);
        assertThat(weather.cities()).containsExactly("Rome", "Oslo");
        assertThat(requireNonNull(weather.token()).value()).isEqualTo("hush-token");
        assertThat(parameters.secrets())
                .containsExactlyInAnyOrder(
                        weather.token(),
                        weather.accounts().get(0).password(),
                        weather.keys().get("first"));
        assertThat(parameters.toString()).contains("***").doesNotContain("hush");
    }

    @Test
    void defaultsAreEnoughWhereNothingIsRequired() {
        WeatherParameters weather = (WeatherParameters)
                requireNonNull(right(weather("url: https://weather.example")).value());

        assertThat(weather.timeout()).hasSeconds(30);
        assertThat(weather.token()).isNull();
        assertThat(weather.keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url: 'no url'  | .url = 'no url': is not a value of the right form. Write a value of the right form",
                "timeout: 5      | .timeout = '5': is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "timeout: 2m     | : timeout must be at most 1m. Correct what is written below it",
                "citys: Rome     | .citys: is not a setting. Under scheduler.collections.weather.parameters there are:"
                        + " accounts[0], cities[0], keys, timeout, token, url",
                "token: hush     | .token: has a value but is only the beginning of other settings."
                        + " Under scheduler.collections.weather.parameters.token there are: secret-env, secret-file",
                "token: {secret-fil: hush} | .token.secret-fil: is not a setting."
                        + " Under scheduler.collections.weather.parameters.token there are: secret-env, secret-file",
                "token: {secret-env: hush} | .token: is a secret that is not there: the variable that secret-env names is"
                        + " not set; set it for this process. Without it no run of the collection could succeed",
                "token: {secret-file: hush} | .token: is a secret that is not there: the file that secret-file names"
                        + " cannot be read (NoSuchFileException); create it, readable by this process."
                        + " Without it no run of the collection could succeed",
                "token: {secret-file: /x, secret-env: y} | .token: needs one of secret-file and secret-env."
                        + " Correct what is written below it",
                "keys: {first: hush} | .keys.first: has a value but is only the beginning of other settings."
                        + " Under scheduler.collections.weather.parameters.keys.first there are: secret-env, secret-file",
                "accounts: [{password: {secret-env: PATH}}] | .accounts[0].user: is missing. Set it: it has no default"
            })
    void namesTheFieldAndNeverASecret(String line, String expected) {
        String url = line.startsWith("url") ? "" : "url: https://weather.example\n";

        assertThat(problems(weather(url + line)))
                .singleElement()
                .hasToString("scheduler.collections.weather.parameters" + expected);
    }

    @Test
    void reportsAllMistakesAtOnce() {
        assertThat(problems(weather("""
                                timeout: 5
                                token: hush
                                """)
                        .andYaml("scheduler.collections.other: {interval: 1h, collector: weather}")
                        .andYaml("scheduler.collections.plain: {interval: 1h, parameters: {x: hush}}")
                        .andYaml("scheduler.nonsense: 1")))
                .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("hush"))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "scheduler.collections.weather.parameters.timeout",
                        "scheduler.collections.weather.parameters.token",
                        "scheduler.collections.weather.parameters.url",
                        "scheduler.collections.other.parameters.url",
                        "scheduler.collections.plain.parameters",
                        "scheduler.nonsense");
    }

    private static WrittenSettings weather(String parameters) {
        return WrittenSettings.yaml(
                "scheduler.collections.weather:\n  interval: 1h\n  parameters:\n" + parameters.indent(4));
    }

    private static Parameters right(WrittenSettings settings) {
        assertThat(problems(settings)).isEmpty();
        BoundSettings bound = settings.bind(TYPES);
        return Definitions.of(bound::get, COLLECTORS, new CollectorParameters(bound), problem -> {
                    throw new AssertionError(problem);
                })
                .get(0)
                .parameters();
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(TYPES, CHECK);
    }
}
