package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClusterTest {
    @TempDir
    private Path data;

    @Test
    void dataBelongsToTheFirstKafka() {
        cluster("one").requireOwnerOf(data);

        assertThatCode(() -> cluster("one").requireOwnerOf(data)).doesNotThrowAnyException();
        assertThatThrownBy(() -> cluster("other").requireOwnerOf(data))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("belong to the Kafka cluster one, but the one at kafka:9092 is other")
                .hasMessageContaining("--data");
    }

    @Test
    void topicsWithAnotherNumberOfPartitions_areNamed() {
        assertThatCode(() -> new KafkaCluster("kafka:9092", "one", Map.of("a", 2, "b", 2)).requirePartitions(2))
                .doesNotThrowAnyException();
        assertThatThrownBy(() ->
                        new KafkaCluster("kafka:9092", "one", Map.of("a", 2, "b", 12, "c", 3)).requirePartitions(2))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("than 2, which SLUICE_PARTITIONS says: b has 12, c has 3.");
    }

    private static KafkaCluster cluster(String id) {
        return new KafkaCluster("kafka:9092", id, Map.of());
    }
}
