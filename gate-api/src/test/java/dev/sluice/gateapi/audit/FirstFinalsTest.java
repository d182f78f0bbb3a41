package dev.sluice.gateapi.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.kafka.ReadBack;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FirstFinalsTest {
    private static final TopicPartition PLACE = new TopicPartition("decisions", 0);

    private final ReadBack readBack = new ReadBack();
    private final FirstFinals finals = new FirstFinals(readBack, Clock.systemUTC());

    private void read(String id, long offset) {
        var unused = finals.read(id, offset);
        readBack.readTo(PLACE, offset);
    }

    @Test
    void theFirstInTheLogIsTheDecision_whoeverAsks() {
        read("d", 7);
        read("d", 9);

        assertThat(finals.first("d", PLACE, 9)).isCompletedWithValue(7L);
        assertThat(finals.first("d", PLACE, 7)).isCompletedWithValue(7L);
    }

    @Test
    void theFirstAloneCounts_alsoWhenItIsReadAgain() {
        assertThat(finals.read("d", 7)).isTrue();
        assertThat(finals.read("d", 9)).isFalse();
        assertThat(finals.read("d", 7)).isTrue();
    }

    @Test
    void nobodyIsToldBeforeTheirOwnIsRead() {
        var asked = finals.first("d", PLACE, 9);
        read("d", 7);
        assertThat(asked).isNotDone();

        read("d", 9);

        assertThat(asked).isCompletedWithValue(7L);
    }

    @Test
    void whatIsLongPastIsForgotten() {
        read("d", 7);

        finals.forget(Instant.now().plusSeconds(1));

        assertThat(finals.first("d", PLACE, 7)).isCompletedWithValue(7L);
        read("d", 9);
        assertThat(finals.first("d", PLACE, 9))
                .as("nothing is known of the first any more")
                .isCompletedWithValue(9L);
    }
}
