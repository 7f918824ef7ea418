package org.collectionscheduler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTests {

    @ParameterizedTest
    @CsvSource({
        "45s, PT45S",
        "30m, PT30M",
        "6h, PT6H",
        "1d, PT24H",
        "1D, PT24H",
        "250ms, PT0.25S",
        "PT6H, PT6H",
        "pt90m, PT1H30M",
        "P1D, PT24H",
        "P1DT12H, PT36H",
        "0s, PT0S",
        "-5m, PT-5M",
        "+5m, PT5M",
        "365d, PT8760H"
    })
    void readsWhatOperatorsWrite(String text, Duration expected) {
        assertThat(Durations.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "60",
                "-60",
                "+60",
                "0",
                "abc",
                "1w",
                "1y",
                "1.5h",
                "5 m",
                "h",
                "PT",
                "P1M",
                "1h30m",
                "10e3s",
                "99999999999999999999d",
                "9999999999999999d",
                "PT99999999999999999999H"
            })
    void readsNothingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0s",
        "PT0.25S, 250ms",
        "PT1.5S, 1500ms",
        "PT45S, 45s",
        "PT1H30M, 90m",
        "PT24H, 1d",
        "PT25H, 25h",
        "PT-5M, -5m",
        "PT-0.001S, -1ms",
        "PT0.0005S, PT0.0005S",
        "PT99999999999999H, 99999999999999h",
        "PT99999999999999H0.5S, PT99999999999999H0.5S"
    })
    void writesWhatOperatorsWrite(Duration value, String expected) {
        assertThat(Durations.text(value)).isEqualTo(expected);
    }

    @Test
    void readsWhatItWrites() {
        Random random = new Random(20240229);
        long[] units = {1, 1000, 60_000, 3_600_000, 86_400_000};
        for (int i = 0; i < 10_000; i++) {
            Duration value = Duration.ofMillis((random.nextInt(20_000) - 10_000) * units[random.nextInt(units.length)]);
            assertThat(Durations.parse(Durations.text(value))).contains(value);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.001S, true",
        "P36500D, true",
        "PT0S, false",
        "PT0.000999999S, false",
        "PT-1S, false",
        "PT-99999999999999H, false",
        "P36501D, false",
        "PT99999999999999H, false"
    })
    void positiveMeansAMillisecondToAHundredYears(Duration value, boolean right) {
        List<Problem> problems = new ArrayList<>();
        Durations.checkPositive("some.key", value, problems::add);
        assertThat(problems.isEmpty()).isEqualTo(right);
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.toString())
                        .startsWith("some.key = '" + Durations.text(value) + "': must ")
                        .endsWith(Durations.REMEDY));
    }

    @ParameterizedTest
    @CsvSource({"PT0S, true", "PT1H, true", "P36500D, true", "PT-0.001S, false", "P36501D, false"})
    void notNegativeMeansZeroToAHundredYears(Duration value, boolean right) {
        List<Problem> problems = new ArrayList<>();
        Durations.checkNotNegative("some.key", value, problems::add);
        assertThat(problems.isEmpty()).isEqualTo(right);
    }

    @Test
    void whatIsMissingIsNotOutOfBounds() {
        List<Problem> problems = new ArrayList<>();
        Durations.checkPositive("some.key", null, problems::add);
        Durations.checkNotNegative("some.key", null, problems::add);
        assertThat(problems).isEmpty();
    }
}
