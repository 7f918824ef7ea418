package org.collectionscheduler.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownKeysTests {

    @Test
    void namesTheKeyAndWhatThereIsInstead() {
        String expected = "scheduler.garage.roof: is not a setting. "
                + "Under scheduler.garage there are: cars, doors, heated, key-file, lamp, layout, max-load, opening-time";
        assertThat(problems(WrittenSettings.yaml("scheduler.garage.roof: flat")))
                .singleElement()
                .hasToString(expected);
        assertThat(problems(WrittenSettings.none().andArgument("--scheduler.garage.roof=flat")))
                .singleElement()
                .hasToString(expected);
    }

    @Test
    void namesTheVariable() {
        assertThat(problems(WrittenSettings.variable("SCHEDULER_GARAGE_ROOF", "flat")))
                .singleElement()
                .asString()
                .startsWith("scheduler.garage.roof: is not a setting")
                .contains("SCHEDULER_GARAGE_ROOF")
                .contains("Under scheduler.garage there are: cars, doors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scheduler.garag.doors",
                "scheduler.garage.door",
                "scheduler.garage.doors.left",
                "scheduler.garage",
                "scheduler.garage.cars.banger",
                "scheduler.garage.cars.banger.colour.shade",
                "scheduler.garage.cars.old.banger.colour",
                "scheduler.doors"
            })
    void reportsWhatNothingReads(String key) {
        assertThat(problems(WrittenSettings.yaml(key + ": 1")))
                .extracting(Problem::key)
                .contains(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SCHEDULER_GARAG_DOORS",
                "SCHEDULER_GARAGE_DOORS_LEFT",
                "SCHEDULER_GARAGE",
                "SCHEDULER_GARAGE_CARS_BANGER",
                "SCHEDULER_GARAGE_CARS_COLOUR",
                // No file declares old-banger, and whether the name ends before or after OLD is anybody's guess.
                "SCHEDULER_GARAGE_CARS_OLD_BANGER_COLOUR",
                "SCHEDULER_PORT",
                "scheduler_garage_roof"
            })
    void reportsVariablesThatNothingReads(String variable) {
        assertThat(problems(WrittenSettings.variable(variable, "1")))
                .singleElement()
                .asString()
                .contains(variable);
    }

    @ParameterizedTest
    @CsvSource({
        "SCHEDULER_SERVICE_HOST, 10.0.0.1",
        "SCHEDULER_SERVICE_PORT, 80",
        "SCHEDULER_SERVICE_PORT_HTTP, 80",
        "SCHEDULER_SERVICE_PORT_HTTP_METRICS, 80",
        "SCHEDULER_PORT, tcp://10.0.0.1:80",
        "SCHEDULER_PORT_80_TCP, tcp://10.0.0.1:80",
        "SCHEDULER_PORT_80_TCP_PROTO, tcp",
        "SCHEDULER_PORT_80_TCP_PORT, 80",
        "SCHEDULER_PORT_80_TCP_ADDR, 10.0.0.1",
        "SCHEDULER_PORT_53_UDP, udp://10.0.0.1:53",
        "SCHEDULER_GARAGE_SERVICE_HOST, 10.0.0.1",
        "SCHEDULER_GARAGE_PORT, tcp://10.0.0.1:80",
        "SCHEDULERS_GARAGE_ROOF, flat",
        "SCHEDULER, flat",
        "PATH, /bin"
    })
    void ignoresWhatKubernetesSetsForServicesAndWhatBelongsToOthers(String variable, String value) {
        assertThat(problems(WrittenSettings.variable(variable, value))).isEmpty();
    }

    /** Anything may be in it: the address of a heartbeat holds a token. */
    @ParameterizedTest
    @ValueSource(strings = {"roof", "token.value", "seeds[0]", "doors.left", "cars.banger"})
    void showsNoValue(String key) {
        List<WrittenSettings> everywhere = List.of(
                WrittenSettings.yaml("scheduler.garage." + key + ": hush"),
                WrittenSettings.none().andArgument("--scheduler.garage." + key + "=hush"),
                WrittenSettings.variable(
                        "SCHEDULER_GARAGE_" + key.replaceAll("\\W", "_").toUpperCase(Locale.ROOT), "hush"));
        assertThat(everywhere)
                .allSatisfy(settings -> assertThat(problems(settings))
                        .isNotEmpty()
                        .allSatisfy(problem -> assertThat(problem.toString()).doesNotContain("hush")));
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(List.of(GarageSettings.class));
    }
}
