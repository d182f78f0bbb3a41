package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClickHouseSettingsTest {
    private static final URI URL = URI.create("http://127.0.0.1:8123");

    @Test
    void defaults() {
        assertThat(ClickHouseSettings.at(URL))
                .isEqualTo(new ClickHouseSettings(
                        URL, "default", "", Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30)));
    }

    @Test
    void neverPrintsThePassword() {
        assertThat(ClickHouseSettings.at(URL).withUser("app", "hunter2"))
                .hasToString(
                        "ClickHouseSettings[url=http://127.0.0.1:8123, user=app, password=***, connectTimeout=PT1S,"
                                + " queryTimeout=PT2S, insertTimeout=PT30S]");
    }

    @Test
    void refusesWhatCannotWork() {
        assertThatThrownBy(() -> ClickHouseSettings.at(URI.create("jdbc:clickhouse://a")))
                .hasMessageContaining("http or https");
        assertThatThrownBy(() -> ClickHouseSettings.at(URI.create("http://user:secret@a")))
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> ClickHouseSettings.at(URL).withQueryTimeout(Duration.ZERO))
                .hasMessageContaining("queryTimeout");
    }
}
