package dev.sluice.sources.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteWriteVersionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "application/x-protobuf                                         | 0.1.0 | V1",
                "application/x-protobuf                                         | 1.0.0 | V1",
                "application/x-protobuf                                         | -     | V1",
                "-                                                              | 0.1.0 | V1",
                "application/x-protobuf;proto=prometheus.WriteRequest           | 0.1.0 | V1",
                "application/x-protobuf;proto=io.prometheus.write.v2.Request    | 2.0.0 | V2",
                "Application/X-Protobuf; Proto=\"io.prometheus.write.v2.Request\" | 2.0.0-rc.3 | V2",
                "application/x-protobuf;a=b;proto=io.prometheus.write.v2.Request | -    | V2",
                "application/x-protobuf;proto=io.prometheus.write.v3.Request    | 3.0.0 | -",
                "application/x-protobuf                                         | 2.0.0 | -",
                "application/x-protobuf;proto=io.prometheus.write.v2.Request    | 0.1.0 | -",
                "application/x-protobuf;proto=prometheus.WriteRequest           | 2.0.0 | -",
                "application/json                                               | 0.1.0 | -",
            })
    void readsTheHeaders(String contentType, String version, RemoteWriteVersion expected) {
        assertThat(RemoteWriteVersion.of(contentType, version).orElse(null)).isEqualTo(expected);
    }

    @Test
    void namesItsMessage() {
        assertThat(RemoteWriteVersion.V2.message()).isEqualTo("io.prometheus.write.v2.Request");
    }
}
