package org.collectionscheduler.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.collectionscheduler.catalog.ParameterKeys;
import org.collectionscheduler.command.CommandParameters.Format;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.WrittenSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.unit.DataSize;

class CommandParametersTests {

    private static final String KEY = "scheduler.collections.disks.parameters";

    private final List<Problem> problems = new ArrayList<>();

    @Test
    void readsWhatTheReadmeShows() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String page = readme.substring(readme.indexOf("### Or run a command"));
        CommandParameters parameters = Objects.requireNonNull(
                bind(page.substring(page.indexOf("scheduler:"), page.indexOf("```\n\nThe configuration is"))));

        assertThat(problems).isEmpty();
        assertThat(parameters.command()).containsExactly("lsblk", "--json");
        assertThat(parameters.environment()).containsExactlyInAnyOrder("PATH", "LANG");
        assertThat(parameters.secrets()).containsOnlyKeys("API_TOKEN");
        assertThat(parameters.directory()).isEqualTo(Path.of("/tmp"));
        assertThat(parameters.format()).isEqualTo(Format.JSON);
        assertThat(parameters.maxOutput()).isEqualTo(DataSize.ofMegabytes(1));
        assertThat(parameters.exitCodes()).containsExactly(0);
    }

    @Test
    void aProgramIsEnough() {
        assertThat(disks("{command: [df]}"))
                .isEqualTo(new CommandParameters(
                        List.of("df"),
                        Set.of(),
                        java.util.Map.of(),
                        null,
                        Format.JSON,
                        DataSize.ofMegabytes(1),
                        Set.of(0)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{format: text} | .command: is missing",
                "{command: ['  ', x]} | .command[0]: is empty",
                "{command: [df], environment: [PATH, 'A=B']} | : environment must hold names of variables",
                "{command: [df], secrets: {API_TOKEN: {secret-env: X}}, environment: [API_TOKEN]}"
                        + " | : environment must not name API_TOKEN",
                "{command: [df], secrets: {x-y: {secret-env: X}}} | : secrets must hold names of variables",
                "{command: [df], secrets: {X: hush}} | .secrets.x: has a value but is only the beginning",
                "{command: [df], max-output: 100B} | : max-output must be 1KB to 64MB",
                "{command: [df], max-output: 65MB} | : max-output must be 1KB to 64MB",
                "{command: [df], exit-codes: [256]} | : exit-codes must be numbers from 0 to 255",
                "{command: [df], exit-codes: [none]} | .exit-codes[0] = 'none': is not a whole number",
                "{command: [df], format: xml} | .format = 'xml': is not one of json, text",
                "{command: [df], shell: true} | .shell: is not a setting",
                "{command: df -h, nice: 1} | .nice: is not a setting"
            })
    void whatIsWrongIsNamed(String written, String expected) {
        assertThat(disks(written)).isNull();
        assertThat(problems).singleElement().asString().startsWith(KEY + expected);
    }

    private @Nullable CommandParameters disks(String parameters) {
        return bind(KEY + ": " + parameters);
    }

    private @Nullable CommandParameters bind(String yaml) {
        BoundSettings bound = WrittenSettings.yaml(yaml).bind(List.of(ParameterKeys.class));
        return bound.bind(KEY, CommandParameters.class, problems::add, (key, part) -> {});
    }
}
