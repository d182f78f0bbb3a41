package dev.sluice.gateapi.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PullSourcesTest {
    private static final PullSources SOURCES = PullSources.of(MetricSources.read(Path.of("sources.yaml"), file -> """
            sources:
              - {name: main, type: prometheus, url: "http://localhost:9090"}
              - {name: shared, type: prometheus, url: "http://localhost:9091", tenants: [acme]}
              - {name: dd, type: datadog, url: "http://127.0.0.1:1", api_key_file: a, application_key_file: b, delay: 2m}
            """));

    @Test
    void aSourceMustBeThere_andForTheTenant() throws IOException {
        SOURCES.require("other", pulling("main"));
        SOURCES.require("acme", pulling("shared"));

        assertRefused("acme", "mian");
        assertRefused("other", "shared");
    }

    private static void assertRefused(String tenant, String source) throws IOException {
        JsonNode config = pulling(source);
        assertThatThrownBy(() -> SOURCES.require(tenant, config))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.type()).isEqualTo(ErrorType.INVALID_DOCUMENT);
                    assertThat(refused.line())
                            .isEqualTo("/config/pull/source: no source of metrics is named " + source
                                    + "; the file that SLUICE_METRIC_SOURCES names has the names that there are");
                });
    }

    /** What has not come to the source yet would never be asked for. */
    @Test
    void aSourceIsNotAskedTooSoon() throws IOException {
        JsonNode soon = Json.mapper().readTree("{\"pull\":{\"source\":\"dd\",\"delay\":\"119s\"}}");
        assertThatThrownBy(() -> SOURCES.require("acme", soon))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.line())
                                .isEqualTo(
                                        "/config/pull/delay: the source dd has all that has happened only after a while:"
                                                + " the delay must be at least 120s"));
        assertThatThrownBy(() -> SOURCES.require("acme", pulling("dd"))).isInstanceOf(ApiException.class);
        SOURCES.require("acme", Json.mapper().readTree("{\"pull\":{\"source\":\"dd\",\"delay\":\"2m\"}}"));
    }

    @Test
    void whatPullsNothingNeedsNone_andWhereNobodyKnowsThemAnyMayBeThere() throws IOException {
        SOURCES.require("acme", Json.mapper().readTree("{\"metrics\":[]}"));
        JsonNode config = pulling("mian");

        assertThatCode(() -> PullSources.unknown().require("acme", config)).doesNotThrowAnyException();
        assertThatThrownBy(() -> PullSources.of(MetricSources.none()).require("acme", config))
                .isInstanceOf(ApiException.class);
    }

    private static JsonNode pulling(String source) throws IOException {
        return Json.mapper().readTree("{\"pull\":{\"source\":\"" + source + "\"}}");
    }
}
