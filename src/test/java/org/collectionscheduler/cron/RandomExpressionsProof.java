package org.collectionscheduler.cron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten thousand expressions over four years, in zones that move their clocks in every way there is. */
class RandomExpressionsProof {

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2023, 0",
        "America/New_York, 2023, 1",
        "Australia/Lord_Howe, 2023, 2",
        "America/Sao_Paulo, 2016, 3",
        "Africa/Casablanca, 2023, 4",
        "Asia/Kolkata, 2023, 5",
        "UTC, 2023, 6",
        "Pacific/Apia, 2009, 7",
        "Antarctica/Troll, 2023, 8",
        "America/Santiago, 2023, 9"
    })
    void tenThousandAgreeWithTheClockOnTheWall(String zone, int firstYear, int lastDigit) {
        RandomExpressions expressions = RandomExpressions.minuteByMinute(zone, firstYear, 4);
        for (int seed = 0; seed < 1000; seed++) {
            expressions.checkMinutes(seed * 10L + lastDigit);
        }
        assertThat(expressions.neverFired()).isLessThan(100);
    }
}
