package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.collectionscheduler.collector.Collector;
import org.collectionscheduler.schedule.QuietTimes;
import org.collectionscheduler.schedule.QuietTimes.Quiet;
import org.collectionscheduler.schedule.QuietTimes.Slots;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.settings.BoundSettings;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schedules and quiet windows as operators write them. */
class RhythmsTests {

    private static final List<Class<? extends SettingsGroup>> TYPES =
            List.of(CatalogProperties.class, ScheduleProperties.class, PolicyProperties.class, QuietProperties.class);

    /** The smallest interval of the probe is ten minutes. */
    private static final List<Collector> COLLECTORS =
            List.of(new DefinitionsTests.NamedCollector("probe", Duration.ofMinutes(10)));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interval: 6h | interval | every PT6H",
                "{cron: '0 2 * * *'} | cron | cron '0 2 * * *' in UTC",
                "{cron: '0 2 * * *', zone: Europe/Berlin} | cron | cron '0 2 * * *' in Europe/Berlin",
                "{cron: '@daily'} | cron | cron '@daily' in UTC",
                "{weekly: {days: [MON, tuesday], time: '18:00'}} | weekly | weekly MON,TUE 18:00 in UTC",
                "{weekly: {days: 'TUE, Mon', time: '18:00:30', zone: Asia/Kolkata}, zone: Europe/Berlin}"
                        + " | weekly | weekly MON,TUE 18:00:30 in Asia/Kolkata",
                "{weekly: {days: SUN, time: '02:30'}, zone: Europe/Berlin} | weekly | weekly SUN 02:30 in Europe/Berlin",
                "{at: 2026-07-01T18:00:00+02:00} | at | once at 2026-07-01T16:00:00Z",
                "{at: 2026-07-01T18:00:00Z} | at | once at 2026-07-01T18:00:00Z",
                "{at: '2026-07-01T18:00', zone: Europe/Berlin} | at | once at 2026-07-01T16:00:00Z"
            })
    void readsEveryKind(String schedule, String kind, String text) {
        Definition definition = definition(settings(schedule));
        assertThat(definition.rhythm().kind()).isEqualTo(kind);
        assertThat(definition.rhythm().text()).isEqualTo(text);
        assertThat(definition.isRaised()).isFalse();
    }

    @Test
    void localTimesAreInTheDefaultZone() {
        WrittenSettings settings = settings("{weekly: {days: MON, time: '18:00'}, max-offset: 5m}")
                .andArgument("--scheduler.defaults.zone=Europe/Berlin");
        Definition definition = definition(settings);
        assertThat(definition.rhythm())
                .isEqualTo(
                        new Rhythm.Weekly(Set.of(DayOfWeek.MONDAY), LocalTime.of(18, 0), ZoneId.of("Europe/Berlin")));
        assertThat(definition.schedule("seed", Instant.EPOCH).offset())
                .isEqualTo(definition.offset("seed"))
                .isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void aCollectorsIntervalIsForCollectionsWithoutASchedule() {
        WrittenSettings settings = settings("{timeout: 1m}").andYaml("scheduler.defaults.intervals.probe: 3h");
        assertThat(definition(settings).rhythm()).isEqualTo(new Rhythm.Interval(Duration.ofHours(3)));
        settings = settings("{cron: '0 2 * * *'}").andYaml("scheduler.defaults.intervals.probe: 3h");
        assertThat(definition(settings).rhythm().kind()).isEqualTo("cron");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{timeout: 1m} | .interval: is missing, and there is no other schedule. Set one of interval, cron, weekly or"
                        + " at, for example an interval of 6h",
                "{interval: 6h, cron: '0 2 * * *'} | : has 2 schedules: interval, cron. Keep one of them",
                "{cron: '0 2 * * *', weekly: {days: MON, time: '18:00'}, at: 2026-07-01T18:00:00Z}"
                        + " | : has 3 schedules: cron, weekly, at. Keep one of them",
                "{interval: 0s} | .interval = '0s': must be at least a millisecond. Write a duration such as 45s, 30m, 6h,"
                        + " 1d or PT6H",
                "{cron: '0 25 * * *'} | .cron = '0 25 * * *': has a wrong hour, '25'. The hour is 0 to 23; or *, a list 1,5,"
                        + " a range 1-5 (upwards), or a step */2, 1-5/2",
                "{cron: '0 0 30 2 *'} | .cron = '0 0 30 2 *': never fires. No year has such a day; correct its day or its"
                        + " month",
                "{cron: '0 2 * * *', zone: Europe/Berlim} | .zone = 'Europe/Berlim': is no time zone. Write a name such as"
                        + " Europe/Berlin, or UTC",
                "{cron: '0 2 * * *', zone: berlin} | .zone = 'berlin': is no time zone. Did you mean Europe/Berlin?",
                "{interval: 6h, zone: Mars} | .zone = 'Mars': is no time zone. Write a name such as Europe/Berlin, or UTC",
                "{weekly: {days: [MON, FOO], time: '18:00'}} | .weekly.days = 'MON,FOO': has 'FOO', which is no day of the"
                        + " week. Write days such as [MON, TUE], or MON,TUE",
                "{weekly: {days: 1, time: '18:00'}} | .weekly.days = '1': has '1', which is no day of the week. Write days"
                        + " such as [MON, TUE], or MON,TUE",
                "{weekly: {time: '18:00'}} | .weekly.days: is missing. Write days such as [MON, TUE], or MON,TUE",
                "{weekly: {days: MON}} | .weekly.time: is missing. Write a time from \"00:00\" to \"23:59\", or with seconds",
                "{weekly: {days: MON, time: 18:00}} | .weekly.time = '1080': is not a time, as YAML takes 18:00 for a number"
                        + " when it has no quotes. Write a time from \"00:00\" to \"23:59\", or with seconds",
                "{weekly: {days: MON, time: '24:00'}} | .weekly.time = '24:00': is not a time. Write a time from \"00:00\" to"
                        + " \"23:59\", or with seconds",
                "{weekly: {days: MON, time: '18:00:00.5'}} | .weekly.time = '18:00:00.5': is finer than a second. Write a time"
                        + " from \"00:00\" to \"23:59\", or with seconds",
                "{weekly: {days: MON, time: '18:00', zone: Mars}} | .weekly.zone = 'Mars': is no time zone. Write a name such"
                        + " as Europe/Berlin, or UTC",
                "{at: tomorrow} | .at = 'tomorrow': is not an instant. Write it in ISO-8601 with its offset,"
                        + " 2026-07-01T18:00:00+02:00, or without for the zone's time",
                "{at: '2026-03-29T02:30', zone: Europe/Berlin} | .at = '2026-03-29T02:30': does not exist in Europe/Berlin,"
                        + " where clocks go from 2026-03-29T02:00 to 2026-03-29T03:00. Write 2026-03-29T03:30+02:00 or"
                        + " 2026-03-29T01:30+01:00, whichever is meant",
                "{at: '2026-10-25T02:30', zone: Europe/Berlin} | .at = '2026-10-25T02:30': comes twice in Europe/Berlin,"
                        + " where clocks go back from 2026-10-25T03:00 to 2026-10-25T02:00. Write 2026-10-25T02:30+02:00"
                        + " for the first or 2026-10-25T02:30+01:00 for the second",
                "{cron: '*/5 2 * * *'} | .cron = '*/5 2 * * *': runs more often than every 10m, the minimum of its collector:"
                        + " for instance at 2024-01-01T02:00 and 2024-01-01T02:05. Leave at least 10m between two runs",
                "{cron: '0,55 0,23 * * *'} | .cron = '0,55 0,23 * * *': runs more often than every 10m, the minimum of its"
                        + " collector: for instance at 2024-01-01T23:55 and 2024-01-02T00:00. Leave at least 10m between"
                        + " two runs"
            })
    void refusesWithKeyAndRemedy(String schedule, String problem) {
        assertThat(problems(settings(schedule))).singleElement().hasToString("scheduler.collections.probe" + problem);
    }

    @Test
    void anIntervalIsRaisedAndNotRefused() {
        Definition definition = definition(settings("interval: 1m"));
        assertThat(definition.isRaised()).isTrue();
        assertThat(definition.rhythm()).isEqualTo(new Rhythm.Interval(Duration.ofMinutes(10)));
        assertThat(definition(settings("{cron: '*/10 * * * *'}")).rhythm().shortestGap())
                .contains(Duration.ofMinutes(10));
    }

    @Test
    void aWrongDefaultZoneIsReportedOnce() {
        WrittenSettings settings = settings("{cron: '0 2 * * *'}")
                .andYaml("scheduler.collections.other: {collector: probe, cron: '0 2 * * *'}")
                .andYaml("scheduler.quiet: [{weekly: {days: MON, time: '01:00', duration: 1h}}]")
                .andArgument("--scheduler.defaults.zone=Mars");
        assertThat(problems(settings))
                .singleElement()
                .hasToString(
                        "scheduler.defaults.zone = 'Mars': is no time zone. Write a name such as Europe/Berlin, or UTC");
    }

    @Test
    void quietWindowsHoldForWhomTheyName() {
        QuietRules rules = quiet("""
                scheduler.quiet:
                  - {from: 2026-12-24T00:00, to: 2026-12-25T00:00, zone: Europe/Berlin, collections: [PROBE]}
                  - {from: 2026-12-26T00:00Z, to: 2026-12-27T00:00Z, labels: {tier: gold, team: a}, slots: hold}
                  - {weekly: {days: [SAT], time: "22:00", duration: 8h}, slots: hold}
                """);
        Instant christmasEve = Instant.parse("2026-12-23T23:00:00Z");
        Quiet eve = new Quiet(christmasEve, christmasEve.plus(Duration.ofDays(1)), Slots.SKIP);
        assertThat(rules.of("probe", Map.of()).at(christmasEve)).contains(eve);
        assertThat(rules.of("other", Map.of()).at(christmasEve)).isEmpty();

        Instant boxingDay = Instant.parse("2026-12-26T12:00:00Z");
        assertThat(rules.of("other", Map.of("tier", "gold")).at(boxingDay)).isEmpty();
        assertThat(rules.of("other", Map.of("tier", "gold", "team", "a", "x", "y"))
                        .at(boxingDay))
                .map(Quiet::slots)
                .contains(Slots.HOLD);

        QuietTimes everybodys = rules.of("other", Map.of());
        assertThat(everybodys.at(Instant.parse("2026-12-20T05:59:59Z")).map(Quiet::until))
                .contains(Instant.parse("2026-12-20T06:00:00Z"));
    }

    @Test
    void aWindowMayNameWhatCodeWillRegister() {
        WrittenSettings settings = settings("interval: 1h").andYaml("""
                scheduler.quiet: [{from: 2026-12-24T00:00Z, to: 2026-12-25T00:00Z, collections: [Prices, probe, price]}]
                scheduler.registered-by-code: [prices]
                """);

        assertThat(problems(settings))
                .singleElement()
                .asString()
                .startsWith("scheduler.quiet[0].collections = 'price': is no collection. There are: prices, probe. ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{slots: skip} | : has no time. Set either weekly, with days, time and duration, or from and to",
                "{from: 2026-12-24T00:00Z, to: 2026-12-25T00:00Z, weekly: {days: MON, time: '01:00', duration: 1h}}"
                        + " | : is weekly, and has from or to. Set either weekly, with days, time and duration, or from and"
                        + " to",
                "{from: 2026-12-24T00:00Z} | .to: is missing. Set both from and to",
                "{from: 2026-12-24T00:00Z, to: 2026-12-24T00:00Z} | .to = '2026-12-24T00:00Z': is not after from. Write a"
                        + " later time",
                "{from: soon, to: 2026-12-24T00:00Z} | .from = 'soon': is not an instant. Write it in ISO-8601 with its"
                        + " offset, 2026-07-01T18:00:00+02:00, or without for the zone's time",
                "{weekly: {days: MON, time: '01:00'}} | .weekly.duration: is missing. Write a duration such as 45s, 30m, 6h,"
                        + " 1d or PT6H",
                "{weekly: {days: MON, time: '01:00', duration: 8d}} | .weekly.duration = '8d': must be longer than zero, at"
                        + " most 7 days. Write a duration such as 45s, 30m, 6h, 1d or PT6H",
                "{weekly: {days: MON, time: '01:00', duration: 1h}, zone: Mars} | .zone = 'Mars': is no time zone. Write a"
                        + " name such as Europe/Berlin, or UTC",
                "{weekly: {days: MON, time: '01:00', duration: 1h}, collections: [prob]} | .collections = 'prob': is no"
                        + " collection. There are: probe. One that code registers must be named in"
                        + " scheduler.registered-by-code",
                "{weekly: {days: MON, time: '01:00', duration: 1h}, slots: drop} | .slots = 'drop': is not one of skip, hold."
                        + " Choose one of these"
            })
    void refusesWrongWindowsWithKeyAndRemedy(String window, String problem) {
        assertThat(problems(settings("interval: 1h").andYaml("scheduler.quiet: [" + window + "]")))
                .singleElement()
                .hasToString("scheduler.quiet[0]" + problem);
    }

    private static WrittenSettings settings(String schedule) {
        return WrittenSettings.yaml("scheduler.collections.probe" + (schedule.startsWith("{") ? ": " : ".") + schedule);
    }

    private static QuietRules quiet(String yaml) {
        WrittenSettings settings = settings("interval: 1h")
                .andYaml(yaml)
                .andYaml("scheduler.collections.other: {collector: probe, interval: 1h}");
        assertThat(problems(settings)).isEmpty();
        return new QuietRules(
                settings.bind(TYPES).get(QuietProperties.class), "UTC", Set.of("probe", "other"), problem -> {
                    throw new AssertionError(problem);
                });
    }

    private static Definition definition(WrittenSettings settings) {
        assertThat(problems(settings)).isEmpty();
        BoundSettings bound = settings.bind(TYPES);
        return Definitions.of(bound::get, COLLECTORS, new CollectorParameters(bound), problem -> {
                    throw new AssertionError(problem);
                })
                .get(0);
    }

    private static List<Problem> problems(WrittenSettings settings) {
        return settings.refusal(
                TYPES,
                (bound, problems) -> Definitions.of(bound::get, COLLECTORS, new CollectorParameters(bound), problems));
    }
}
