package dev.sluice.gateapi.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadBackTest {
    private static final TopicPartition FIRST = new TopicPartition("t", 0);
    private static final TopicPartition SECOND = new TopicPartition("t", 1);

    private final ReadBack readBack = new ReadBack();

    @Test
    void whoWaitsIsToldWhenTheRecordHasBeenRead() {
        var third = readBack.of(FIRST, 3);
        var fifth = readBack.of(FIRST, 5);
        var elsewhere = readBack.of(SECOND, 3);

        readBack.readTo(FIRST, 2);
        assertThat(third).isNotDone();
        readBack.readTo(FIRST, 4);

        assertThat(third).isCompleted();
        assertThat(fifth).isNotDone();
        assertThat(elsewhere).isNotDone();
    }

    @Test
    void whoComesAfterTheRecordWasReadDoesNotWait() {
        readBack.readTo(FIRST, 0);

        assertThat(readBack.of(FIRST, 0)).isCompleted();
        assertThat(readBack.of(FIRST, 1)).isNotDone();
    }

    @Test
    void aPartitionThatIsReadAnewIsNotTakenForRead() {
        readBack.readTo(FIRST, 7);
        readBack.lost(FIRST);

        var waiting = readBack.of(FIRST, 3);

        assertThat(waiting).isNotDone();
        readBack.readTo(FIRST, 3);
        assertThat(waiting).isCompleted();
    }
}
