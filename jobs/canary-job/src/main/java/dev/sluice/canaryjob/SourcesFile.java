package dev.sluice.canaryjob;

import dev.sluice.canaryjob.pull.PullFunction;
import dev.sluice.sources.metrics.pull.MetricSources;
import dev.sluice.sources.metrics.pull.MetricSources.TextFiles;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.RequestLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients of the sources in a file.
 *
 * @param file where the sources are; null where there are none
 */
record SourcesFile(@Nullable String file) implements PullFunction.ClientFactory {
    private static final int MAX_BYTES = 8 << 20;

    @Override
    public Map<String, PullFunction.Client> clients() {
        Map<String, PullFunction.Client> clients = new HashMap<>();
        if (file != null) {
            var requests = new OutgoingRequests(new RequestLimits(MAX_BYTES));
            TextFiles files = Files::readString;
            MetricSources.read(Path.of(file), files)
                    .byName()
                    .forEach((name, source) -> clients.put(
                            name,
                            new PullFunction.Client(source.series(files, requests), source.tenants(), source.delay())));
        }
        return clients;
    }
}
