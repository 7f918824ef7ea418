package org.collectionscheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.collectionscheduler.schedule.Rhythm;
import org.collectionscheduler.schedule.Schedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden tables of what happens when clocks change: zone, expression, the moment before, and the slots that follow, each
 * as the clocks show it. A slot marked with ! stands for a time that the clocks skip.
 */
class DaylightSavingTests {

    /** The clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October. */
    private static final String BERLIN = """
            30 2 * * *       | 2026-03-27T12:00+01:00 | 2026-03-28T02:30+01:00  2026-03-29T03:00+02:00! 2026-03-30T02:30+02:00
            30 2 * * *       | 2026-10-23T12:00+02:00 | 2026-10-24T02:30+02:00  2026-10-25T02:30+02:00  2026-10-26T02:30+01:00
            30 * * * *       | 2026-03-29T00:45+01:00 | 2026-03-29T01:30+01:00  2026-03-29T03:30+02:00  2026-03-29T04:30+02:00
            30 * * * *       | 2026-10-25T01:45+02:00 | 2026-10-25T02:30+02:00  2026-10-25T02:30+01:00  2026-10-25T03:30+01:00
            0 */2 * * *      | 2026-03-28T23:30+01:00 | 2026-03-29T00:00+01:00  2026-03-29T04:00+02:00  2026-03-29T06:00+02:00
            0 */2 * * *      | 2026-10-24T23:30+02:00 | 2026-10-25T00:00+02:00  2026-10-25T02:00+02:00  2026-10-25T02:00+01:00  2026-10-25T04:00+01:00
            */15 2 * * *     | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00! 2026-03-30T02:00+02:00  2026-03-30T02:15+02:00
            */15 2 * * *     | 2026-10-24T12:00+02:00 | 2026-10-25T02:00+02:00  2026-10-25T02:15+02:00  2026-10-25T02:30+02:00  2026-10-25T02:45+02:00  2026-10-26T02:00+01:00
            0,30 2,3 * * *   | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00! 2026-03-29T03:30+02:00  2026-03-30T02:00+02:00
            0,30 2,3 * * *   | 2026-10-24T12:00+02:00 | 2026-10-25T02:00+02:00  2026-10-25T02:30+02:00  2026-10-25T03:00+01:00  2026-10-25T03:30+01:00
            0 3 * * *        | 2026-03-28T12:00+01:00 | 2026-03-29T03:00+02:00  2026-03-30T03:00+02:00
            weekly SUN 02:30 | 2026-03-23T00:00+01:00 | 2026-03-29T03:00+02:00! 2026-04-05T02:30+02:00
            weekly SUN 02:30 | 2026-10-19T00:00+02:00 | 2026-10-25T02:30+02:00  2026-11-01T02:30+01:00
            """;

    /** From 02:00 to 03:00 on 8 March 2026, and from 02:00 to 01:00 on 1 November. */
    private static final String NEW_YORK = """
            30 2 * * *       | 2026-03-07T12:00-05:00 | 2026-03-08T03:00-04:00! 2026-03-09T02:30-04:00
            30 1 * * *       | 2026-10-31T12:00-04:00 | 2026-11-01T01:30-04:00  2026-11-02T01:30-05:00
            0 * * * *        | 2026-03-08T00:30-05:00 | 2026-03-08T01:00-05:00  2026-03-08T03:00-04:00  2026-03-08T04:00-04:00
            0 * * * *        | 2026-11-01T00:30-04:00 | 2026-11-01T01:00-04:00  2026-11-01T01:00-05:00  2026-11-01T02:00-05:00
            0,20,40 2 * * *  | 2026-03-07T12:00-05:00 | 2026-03-08T03:00-04:00! 2026-03-09T02:00-04:00  2026-03-09T02:20-04:00
            */20 1 * * *     | 2026-10-31T12:00-04:00 | 2026-11-01T01:00-04:00  2026-11-01T01:20-04:00  2026-11-01T01:40-04:00  2026-11-02T01:00-05:00
            weekly SUN 02:15 | 2026-03-02T00:00-05:00 | 2026-03-08T03:00-04:00! 2026-03-15T02:15-04:00
            weekly SUN 01:30 | 2026-10-26T00:00-04:00 | 2026-11-01T01:30-04:00  2026-11-08T01:30-05:00
            """;

    /** By half an hour: from 02:00 to 02:30 on 4 October 2026, and from 02:00 to 01:30 on 5 April. */
    private static final String LORD_HOWE = """
            15 2 * * *       | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00! 2026-10-05T02:15+11:00
            45 1 * * *       | 2026-04-04T12:00+11:00 | 2026-04-05T01:45+11:00  2026-04-06T01:45+10:30
            45 * * * *       | 2026-04-05T01:00+11:00 | 2026-04-05T01:45+11:00  2026-04-05T01:45+10:30  2026-04-05T02:45+10:30
            15 * * * *       | 2026-10-04T00:30+10:30 | 2026-10-04T01:15+10:30  2026-10-04T03:15+11:00  2026-10-04T04:15+11:00
            */10 2 * * *     | 2026-10-03T12:00+10:30 | 2026-10-04T02:30+11:00! 2026-10-04T02:40+11:00  2026-10-04T02:50+11:00  2026-10-05T02:00+11:00
            */15 1 * * *     | 2026-04-04T12:00+11:00 | 2026-04-05T01:00+11:00  2026-04-05T01:15+11:00  2026-04-05T01:30+11:00  2026-04-05T01:45+11:00  2026-04-06T01:00+10:30
            weekly SUN 02:15 | 2026-09-28T00:00+10:30 | 2026-10-04T02:30+11:00! 2026-10-11T02:15+11:00
            weekly SUN 01:45 | 2026-03-30T00:00+11:00 | 2026-04-05T01:45+11:00  2026-04-12T01:45+10:30
            """;

    /** At midnight: from 00:00 to 01:00 on 4 November 2018, and from 00:00 on 18 February back to 23:00. */
    private static final String SAO_PAULO = """
            0 0 * * *        | 2018-11-03T12:00-03:00 | 2018-11-04T01:00-02:00! 2018-11-05T00:00-02:00
            30 0 * * *       | 2018-11-03T12:00-03:00 | 2018-11-04T01:00-02:00! 2018-11-05T00:30-02:00
            0 * * * *        | 2018-11-03T22:30-03:00 | 2018-11-03T23:00-03:00  2018-11-04T01:00-02:00  2018-11-04T02:00-02:00
            30 23 * * *      | 2018-02-17T12:00-02:00 | 2018-02-17T23:30-02:00  2018-02-18T23:30-03:00
            30 * * * *       | 2018-02-17T23:00-02:00 | 2018-02-17T23:30-02:00  2018-02-17T23:30-03:00  2018-02-18T00:30-03:00
            0,20,40 0 * * *  | 2018-11-03T12:00-03:00 | 2018-11-04T01:00-02:00! 2018-11-05T00:00-02:00  2018-11-05T00:20-02:00
            */20 23 * * *    | 2018-02-17T12:00-02:00 | 2018-02-17T23:00-02:00  2018-02-17T23:20-02:00  2018-02-17T23:40-02:00  2018-02-18T23:00-03:00
            weekly SUN 00:30 | 2018-10-29T00:00-03:00 | 2018-11-04T01:00-02:00! 2018-11-11T00:30-02:00
            weekly SAT 23:30 | 2018-02-12T00:00-02:00 | 2018-02-17T23:30-02:00  2018-02-24T23:30-03:00
            """;

    /** Back for Ramadan: from 03:00 to 02:00 on 23 February 2025, and from 02:00 to 03:00 on 6 April. */
    private static final String CASABLANCA = """
            30 2 * * *       | 2025-02-22T12:00+01:00 | 2025-02-23T02:30+01:00  2025-02-24T02:30+00:00
            30 2 * * *       | 2025-04-05T12:00+00:00 | 2025-04-06T03:00+01:00! 2025-04-07T02:30+01:00
            30 * * * *       | 2025-02-23T02:00+01:00 | 2025-02-23T02:30+01:00  2025-02-23T02:30+00:00  2025-02-23T03:30+00:00
            30 * * * *       | 2025-04-06T01:00+00:00 | 2025-04-06T01:30+00:00  2025-04-06T03:30+01:00  2025-04-06T04:30+01:00
            */20 2 * * *     | 2025-02-22T12:00+01:00 | 2025-02-23T02:00+01:00  2025-02-23T02:20+01:00  2025-02-23T02:40+01:00  2025-02-24T02:00+00:00
            */20 2 * * *     | 2025-04-05T12:00+00:00 | 2025-04-06T03:00+01:00! 2025-04-07T02:00+01:00  2025-04-07T02:20+01:00
            weekly SUN 02:30 | 2025-02-17T00:00+01:00 | 2025-02-23T02:30+01:00  2025-03-02T02:30+00:00
            weekly SUN 02:30 | 2025-03-31T00:00+00:00 | 2025-04-06T03:00+01:00! 2025-04-13T02:30+01:00
            """;

    /** Never. */
    private static final String KOLKATA = """
            30 2 * * *       | 2026-03-28T12:00+05:30 | 2026-03-29T02:30+05:30  2026-03-30T02:30+05:30
            30 * * * *       | 2026-03-29T01:45+05:30 | 2026-03-29T02:30+05:30  2026-03-29T03:30+05:30
            */20 2 * * *     | 2026-03-28T12:00+05:30 | 2026-03-29T02:00+05:30  2026-03-29T02:20+05:30  2026-03-29T02:40+05:30  2026-03-30T02:00+05:30
            weekly SUN 02:30 | 2026-03-23T00:00+05:30 | 2026-03-29T02:30+05:30  2026-04-05T02:30+05:30
            """;

    /** Never. */
    private static final String UTC = """
            30 2 * * *       | 2026-03-28T12:00+00:00 | 2026-03-29T02:30+00:00  2026-03-30T02:30+00:00
            30 * * * *       | 2026-10-25T00:45+00:00 | 2026-10-25T01:30+00:00  2026-10-25T02:30+00:00
            */20 2 * * *     | 2026-03-28T12:00+00:00 | 2026-03-29T02:00+00:00  2026-03-29T02:20+00:00  2026-03-29T02:40+00:00  2026-03-30T02:00+00:00
            weekly SUN 02:30 | 2026-03-23T00:00+00:00 | 2026-03-29T02:30+00:00  2026-04-05T02:30+00:00
            """;

    record Row(String zone, String rhythm, Instant before, List<Expected> slots) {
        @Override
        public String toString() {
            return zone + " " + rhythm + " after " + before;
        }
    }

    record Expected(OffsetDateTime shown, boolean moved) {
        Instant instant() {
            return shown.toInstant();
        }
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        read(rows, "Europe/Berlin", BERLIN);
        read(rows, "America/New_York", NEW_YORK);
        read(rows, "Australia/Lord_Howe", LORD_HOWE);
        read(rows, "America/Sao_Paulo", SAO_PAULO);
        read(rows, "Africa/Casablanca", CASABLANCA);
        read(rows, "Asia/Kolkata", KOLKATA);
        read(rows, "UTC", UTC);
        return rows.stream();
    }

    private static void read(List<Row> rows, String zone, String table) {
        for (String line : table.strip().split("\n")) {
            String[] columns = line.split("\\|");
            List<Expected> slots = Arrays.stream(columns[2].strip().split("\\s+"))
                    .map(slot -> new Expected(OffsetDateTime.parse(slot.replace("!", "")), slot.endsWith("!")))
                    .toList();
            rows.add(new Row(
                    zone,
                    columns[0].strip(),
                    OffsetDateTime.parse(columns[1].strip()).toInstant(),
                    slots));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theTableSaysWhatZonesShow(Row row) {
        assertThat(row.slots())
                .allSatisfy(slot -> assertThat(slot.shown().getOffset())
                        .as("offset at %s", slot.shown())
                        .isEqualTo(ZoneId.of(row.zone()).getRules().getOffset(slot.instant())));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void slotsFollowEachOther(Row row) throws WrongCronException {
        Schedule schedule = schedule(row);
        Instant after = row.before();
        for (Expected slot : row.slots()) {
            assertThat(schedule.nextAfter(after)).contains(slot.instant());
            assertThat(schedule.nextAfter(slot.instant().minusMillis(1))).contains(slot.instant());
            assertThat(schedule.movedFrom(slot.instant()).isPresent())
                    .as("moved: %s", slot)
                    .isEqualTo(slot.moved());
            after = slot.instant();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void slotsLeadBack(Row row) throws WrongCronException {
        Schedule schedule = schedule(row);
        for (int i = 0; i < row.slots().size(); i++) {
            Instant slot = row.slots().get(i).instant();
            assertThat(schedule.latestUntil(slot)).contains(slot);
            assertThat(schedule.latestUntil(slot.plusMillis(1))).contains(slot);
            if (i > 0) {
                assertThat(schedule.latestUntil(slot.minusMillis(1)))
                        .contains(row.slots().get(i - 1).instant());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void slotsAreCounted(Row row) throws WrongCronException {
        Schedule schedule = schedule(row);
        for (int i = 0; i < row.slots().size(); i++) {
            Instant slot = row.slots().get(i).instant();
            assertThat(schedule.count(row.before(), slot)).isEqualTo(i + 1);
            assertThat(schedule.count(row.before(), slot.minusMillis(1))).isEqualTo(i);
            assertThat(schedule.count(
                            slot, row.slots().get(row.slots().size() - 1).instant()))
                    .isEqualTo(row.slots().size() - 1 - i);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void anOffsetMakesEverySlotLater(Row row) throws WrongCronException {
        Duration offset = Duration.ofMillis(1_234_567);
        Schedule schedule = rhythm(row).schedule(Instant.EPOCH, offset);
        Instant after = row.before().plus(offset);
        for (Expected slot : row.slots()) {
            assertThat(schedule.nextAfter(after)).contains(slot.instant().plus(offset));
            assertThat(schedule.latestUntil(slot.instant().plus(offset)))
                    .contains(slot.instant().plus(offset));
            after = slot.instant().plus(offset);
        }
        assertThat(schedule.count(row.before().plus(offset), after))
                .isEqualTo(row.slots().size());
    }

    private static Schedule schedule(Row row) throws WrongCronException {
        return rhythm(row).schedule(Instant.EPOCH, Duration.ZERO);
    }

    private static Rhythm rhythm(Row row) throws WrongCronException {
        ZoneId zone = ZoneId.of(row.zone());
        if (!row.rhythm().startsWith("weekly")) {
            return new CronParser().parse(row.rhythm(), zone);
        }
        String[] words = row.rhythm().split(" ");
        Set<DayOfWeek> days = EnumSet.allOf(DayOfWeek.class);
        days.removeIf(day -> !day.name().startsWith(words[1]));
        return new Rhythm.Weekly(days, LocalTime.parse(words[2]), zone);
    }
}
