package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.sources.metrics.pull.Source;
import dev.sluice.wire.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where runs may have their series pulled from, as far as this process is told: the job that pulls reads a file of its own. */
public final class PullSources {
    private final @Nullable MetricSources sources;

    private PullSources(@Nullable MetricSources sources) {
        this.sources = sources;
    }

    /** Returns the sources that there are: a run that names another one is refused. */
    public static PullSources of(MetricSources sources) {
        return new PullSources(sources);
    }

    /** Returns what is known where nobody has said which sources there are: any name may be one. */
    public static PullSources unknown() {
        return new PullSources(null);
    }

    /**
     * Returns normally if a run could be pulled as its config says.
     *
     * @param tenant whose run it is: a source that is not for it does not exist
     * @param config what the run is judged by
     * @throws ApiException 400 if the source that it names is not there, or would be asked too soon
     */
    void require(String tenant, JsonNode config) {
        @Nullable String name = config.path("pull").path("source").textValue();
        if (sources == null || name == null) {
            return;
        }
        @Nullable Source source = sources.byName().get(name);
        if (source == null || (!source.tenants().isEmpty() && !source.tenants().contains(tenant))) {
            throw ApiException.invalidDocument(
                    "/config/pull/source",
                    "no source of metrics is named " + name
                            + "; the file that SLUICE_METRIC_SOURCES names has the names that there are");
        }
        Duration delay =
                Durations.parse(config.path("pull").path("delay").asText()).orElse(Duration.ZERO);
        if (delay.compareTo(source.delay()) < 0) {
            throw ApiException.invalidDocument(
                    "/config/pull/delay",
                    "the source " + name + " has all that has happened only after a while: the delay must be at least "
                            + source.delay().toSeconds() + "s");
        }
    }
}
