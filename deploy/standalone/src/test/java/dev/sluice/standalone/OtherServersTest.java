package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.store.ClickHouseSettings;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OtherServersTest {
    @Test
    void noVariable_startsBothOfOurOwn() {
        assertThat(OtherServers.of(Map.of("SLUICE_PARTITIONS", "7", "SLUICE_CLICKHOUSE_USER", "nobody")))
                .isEqualTo(new OtherServers(null, null, null, 2, (short) 1));
    }

    @Test
    void everyVariable() {
        OtherServers servers = OtherServers.of(Map.of(
                "SLUICE_KAFKA_BOOTSTRAP", "one:9092,two:9092",
                "SLUICE_CLICKHOUSE_URL", "https://clickhouse.example.org:8443",
                "SLUICE_CLICKHOUSE_USER", "sluice",
                "SLUICE_CLICKHOUSE_PASSWORD", "secret",
                "SLUICE_FLINK_REST", "http://flink.example.org:8081",
                "SLUICE_PARALLELISM", "4",
                "SLUICE_PARTITIONS", "6",
                "SLUICE_REPLICATION", "3"));

        assertThat(servers)
                .isEqualTo(new OtherServers(
                        "one:9092,two:9092",
                        ClickHouseSettings.at(URI.create("https://clickhouse.example.org:8443"))
                                .withUser("sluice", "secret"),
                        new FlinkServer(URI.create("http://flink.example.org:8081"), 4),
                        6,
                        (short) 3));
        assertThat(servers.toString()).doesNotContain("secret");
    }

    @Test
    void otherKafka_hasThePartitionsOfAClusterUnlessTold() {
        assertThat(OtherServers.of(Map.of("SLUICE_KAFKA_BOOTSTRAP", "one:9092")))
                .isEqualTo(new OtherServers("one:9092", null, null, 12, (short) 1));
    }

    @Test
    void everythingWrong_isToldTogetherAndWithoutPasswords() {
        assertThatThrownBy(() -> OtherServers.of(Map.of(
                        "SLUICE_KAFKA_BOOTSTRAP", "one:9092",
                        "SLUICE_CLICKHOUSE_URL", "http://robot:s3cret@clickhouse:8123",
                        "SLUICE_FLINK_REST", "http://robot:s3cret@flink:8081",
                        "SLUICE_PARALLELISM", "721",
                        "SLUICE_PARTITIONS", "none",
                        "SLUICE_REPLICATION", "0")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SLUICE_CLICKHOUSE_URL must be an http or https URL without user or password")
                .hasMessageContaining("SLUICE_FLINK_REST must be the http or https URL of Flink's REST API")
                .hasMessageContaining("SLUICE_PARALLELISM must be a whole number from 1 to 720, is 721")
                .hasMessageContaining("SLUICE_PARTITIONS must be a whole number from 1 to 10000, is none")
                .hasMessageContaining("SLUICE_REPLICATION must be a whole number from 1 to 100, is 0")
                .hasMessageNotContaining("s3cret");
    }
}
