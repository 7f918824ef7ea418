package org.collectionscheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sample of what the proof looks at. */
class RandomExpressionsTests {

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2023",
        "America/New_York, 2023",
        "Australia/Lord_Howe, 2023",
        "America/Sao_Paulo, 2016",
        "Africa/Casablanca, 2023",
        "Asia/Kolkata, 2023"
    })
    void agreeWithTheClockOnTheWallMinuteByMinute(String zone, int firstYear) {
        RandomExpressions expressions = RandomExpressions.minuteByMinute(zone, firstYear, 2);
        for (int seed = 0; seed < 60; seed++) {
            expressions.checkMinutes(seed);
        }
        assertThat(expressions.neverFired()).isLessThan(10);
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2026-03-29T01:00:00Z",
        "Europe/Berlin, 2026-10-25T01:00:00Z",
        "Australia/Lord_Howe, 2026-10-03T15:30:00Z",
        "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
        "America/Sao_Paulo, 2018-11-04T03:00:00Z",
        "America/Sao_Paulo, 2018-02-18T02:00:00Z",
        "Pacific/Apia, 2011-12-30T10:00:00Z",
        "Antarctica/Troll, 2026-03-29T01:00:00Z"
    })
    void agreeWithTheClockOnTheWallSecondBySecond(String zone, Instant jump) {
        RandomExpressions expressions = RandomExpressions.secondBySecond(zone, jump);
        for (int seed = 0; seed < 60; seed++) {
            expressions.checkSeconds(seed);
        }
    }
}
