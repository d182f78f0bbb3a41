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
