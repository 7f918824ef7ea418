package org.collectionscheduler.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotRangeTests {

    @ParameterizedTest
    @CsvSource({"10, 10, 0", "10, 10, 2", "10, 20, 1", "10, 20, 0", "10, 20, -1", "20, 10, 2"})
    void refusesWhatIsNoRange(long first, long last, long count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SlotRange(Instant.ofEpochMilli(first), Instant.ofEpochMilli(last), count))
                .withMessageContaining("not a range of slots");
    }

    @Test
    void oneSlotIsARange() {
        Instant slot = Instant.ofEpochMilli(10);
        assertThat(SlotRange.of(slot)).isEqualTo(new SlotRange(slot, slot, 1));
    }
}
