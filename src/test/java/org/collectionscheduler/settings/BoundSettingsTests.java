package org.collectionscheduler.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.collectionscheduler.settings.GarageSettings.Layout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class BoundSettingsTests {

    private static final List<Class<? extends SettingsGroup>> TYPES = List.of(GarageSettings.class);

    @Test
    void takesDefaultsForWhatIsNotWritten() {
        assertThat(right(WrittenSettings.none()))
                .isEqualTo(new GarageSettings(
                        Duration.ofMinutes(10),
                        3,
                        true,
                        DataSize.ofMegabytes(1),
                        Layout.SIDE_BY_SIDE,
                        null,
                        new GarageSettings.Lamp(60),
                        null));
    }

    @Test
    void readsFiles() {
        GarageSettings garage = right(WrittenSettings.yaml("""
                scheduler:
                  garage:
                    opening-time: PT2H
                    doors: 5
                    heated: false
                    max-load: 2KB
                    layout: stacked
                    key-file: /tmp/key
                    lamp:
                      watts: 40
                    cars:
                      old-banger:
                        max-age: 1d
                """));
        assertThat(garage.openingTime()).hasHours(2);
        assertThat(garage.doors()).isEqualTo(5);
        assertThat(garage.heated()).isFalse();
        assertThat(garage.maxLoad()).isEqualTo(DataSize.ofKilobytes(2));
        assertThat(garage.layout()).isEqualTo(Layout.STACKED);
        assertThat(garage.keyFile()).isEqualTo(Path.of("/tmp/key"));
        assertThat(garage.lamp().watts()).isEqualTo(40);
        assertThat(garage.cars()).containsOnlyKeys("old-banger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduler.garage.opening-time",
                "scheduler.garage.openingTime",
                "scheduler.garage.openingtime",
                "scheduler.garage.OPENING-TIME",
                "scheduler.garage.opening_time"
            })
    void comparesKeysWithoutCaseAndDashes(String key) {
        assertThat(right(WrittenSettings.yaml(key + ": 7m")).openingTime()).hasMinutes(7);
        assertThat(right(WrittenSettings.none().andArgument("--" + key + "=8m")).openingTime())
                .hasMinutes(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCHEDULER_GARAGE_OPENINGTIME",
                "SCHEDULER_GARAGE_OPENING_TIME",
                "scheduler_garage_opening_time",
                "scheduler.garage.opening-time"
            })
    void readsVariablesWithAnUnderscoreForADashOrWithoutOne(String variable) {
        assertThat(right(WrittenSettings.variable(variable, "7m")).openingTime())
                .hasMinutes(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCHEDULER_GARAGE_CARS_OLDBANGER_MAXAGE",
                "SCHEDULER_GARAGE_CARS_OLDBANGER_MAX_AGE",
                "SCHEDULER_GARAGE_CARS_OLD_BANGER_MAXAGE",
                "SCHEDULER_GARAGE_CARS_OLD_BANGER_MAX_AGE"
            })
    void variablesReachTheNamesThatFilesChoose(String variable) {
        GarageSettings garage = right(WrittenSettings.yaml("scheduler.garage.cars.old-banger.colour: blue")
                .andVariable(variable, "3d"));
        assertThat(garage.cars())
                .containsExactly(entry("old-banger", new GarageSettings.Car(Duration.ofDays(3), "blue")));
    }

    @Test
    void variablesChooseNamesWithoutDashes() {
        GarageSettings garage = right(WrittenSettings.variable("SCHEDULER_GARAGE_CARS_BANGER_MAX_AGE", "3d")
                .andVariable("SCHEDULER_GARAGE_CARS_BANGER_COLOUR", "blue"));
        assertThat(garage.cars()).containsExactly(entry("banger", new GarageSettings.Car(Duration.ofDays(3), "blue")));
    }

    @Test
    void argumentsWinOverVariablesAndTheseOverFiles() {
        WrittenSettings settings = WrittenSettings.yaml("scheduler.garage: {doors: 1, opening-time: 1m, lamp.watts: 1}")
                .andVariable("SCHEDULER_GARAGE_OPENING_TIME", "2m")
                .andVariable("SCHEDULER_GARAGE_LAMP_WATTS", "2")
                .andArgument("--scheduler.garage.lamp.watts=3");
        assertThat(right(settings).doors()).isEqualTo(1);
        assertThat(right(settings).openingTime()).hasMinutes(2);
        assertThat(right(settings).lamp().watts()).isEqualTo(3);
    }

    @Test
    void resolvesPlaceholders() {
        assertThat(right(WrittenSettings.yaml("scheduler.garage.opening-time: ${SOME_TIME:9m}"))
                        .openingTime())
                .hasMinutes(9);
        assertThat(problems(WrittenSettings.yaml("scheduler.garage.opening-time: ${MISSING}")))
                .singleElement()
                .satisfies(problem -> assertThat(problem.value()).isEqualTo("${MISSING}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "opening-time | 60      | is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | -60     | is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | abc     | is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | ''      | is not a duration with a unit. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | 0s      | must be at least a millisecond. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | -5m     | must be at least a millisecond. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "opening-time | 40000d  | must not be longer than 36500 days. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "doors        | many    | is not a whole number. Write a whole number",
                "doors        | 2.5     | is not a whole number. Write a whole number",
                "doors        | 99999999999 | is not a whole number. Write a whole number",
                "heated       | perhaps | is not true or false. Write true or false",
                "max-load     | heavy   | is not a size with a unit. Write a size such as 512KB or 8MB",
                "layout       | pile    | is not one of side-by-side, stacked. Choose one of these",
                "lamp.watts   | bright  | is not a whole number. Write a whole number"
            })
    void namesKeyValueAndRemedy(String key, String value, String complaint) {
        String expected = "scheduler.garage." + key + " = '" + value + "': " + complaint;
        String variable = "SCHEDULER_GARAGE_" + key.replaceAll("[.-]", "_").toUpperCase(java.util.Locale.ROOT);

        assertThat(problems(WrittenSettings.yaml("scheduler.garage." + key + ": " + quotedIfEmpty(value))))
                .singleElement()
                .hasToString(expected);
        assertThat(problems(WrittenSettings.variable(variable, value)))
                .singleElement()
                .hasToString(expected);
        assertThat(problems(WrittenSettings.none().andArgument("--scheduler.garage." + key + "=" + value)))
                .singleElement()
                .hasToString(expected);
    }

    @Test
    void reportsAllMistakesAtOnce() {
        assertThat(problems(WrittenSettings.yaml("""
                                scheduler:
                                  garage:
                                    opening-time: 60
                                    doors: many
                                    roof: flat
                                    cars.banger.max-age: old
                                """)
                        .andVariable("SCHEDULER_GARAGE_HEATED", "perhaps")
                        .andArgument("--scheduler.garage.layout=pile")))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder(
                        "scheduler.garage.opening-time",
                        "scheduler.garage.doors",
                        "scheduler.garage.roof",
                        "scheduler.garage.cars.banger.max-age",
                        "scheduler.garage.heated",
                        "scheduler.garage.layout");
    }

    @Test
    void reportsAMistakeOnceWhateverItsSpellings() {
        assertThat(problems(WrittenSettings.yaml("scheduler.garage.cars.old-banger.max-age: 60")
                        .andYaml("scheduler.garage.cars.oldBanger.colour: blue")))
                .extracting(Problem::value)
                .containsExactly("60");
    }

    @Test
    void refusesToGiveAGroupThatIsNotDeclared() {
        assertThatIllegalStateException()
                .isThrownBy(() -> WrittenSettings.none().bind(List.of()).get(GarageSettings.class))
                .withMessageContaining("SettingsType");
    }

    private static GarageSettings right(WrittenSettings settings) {
        assertThat(problems(settings)).isEmpty();
        return settings.bind(TYPES).get(GarageSettings.class);
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(TYPES);
    }

    private static String quotedIfEmpty(String value) {
        return Objects.equals(value, "") ? "''" : value;
    }

    private static java.util.Map.Entry<String, GarageSettings.Car> entry(String name, GarageSettings.Car car) {
        return java.util.Map.entry(name, car);
    }
}
