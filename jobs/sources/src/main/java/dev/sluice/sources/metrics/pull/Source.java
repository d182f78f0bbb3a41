package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.pull.MetricSources.TextFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A source of metrics that may be asked. */
public sealed interface Source {
    /** Returns whose runs may ask it; those of all if there are none. */
    Set<String> tenants();

    /** Returns how long after something has happened the source surely has it, where it says what happened within intervals. */
    Duration delay();

    /**
     * Returns how it is asked.
     *
     * @param files reads its secrets, for each request
     * @throws IllegalArgumentException if the URL is none that can be asked, or a secret would be sent where others can read it
     */
    Endpoint endpoint(TextFiles files);

    /**
     * Returns what asks it for the series of canary runs.
     *
     * @param files reads its secrets, for each request
     * @param requests sends what is asked
     */
    SeriesSource series(TextFiles files, OutgoingRequests requests);

    /**
     * Who asks, by HTTP.
     *
     * @param username who asks, by HTTP Basic; null where a token says it, or nobody has to
     * @param secretFile the file of the password, or of the token; null where none is needed
     */
    record Login(@Nullable String username, @Nullable Path secretFile) {
        /** Nobody has to say who asks. */
        public static final Login NONE = new Login(null, null);

        Credentials credentials(TextFiles files, Function<Supplier<String>, Credentials> ofToken) {
            Path file = secretFile;
            if (file == null) {
                return Credentials.none();
            }
            return username == null
                    ? ofToken.apply(secret(files, file))
                    : Credentials.basic(username, secret(files, file));
        }
    }

    /**
     * A Prometheus, or who speaks as it does. It has samples with their own times: what comes late is not missed.
     *
     * @param url where its API is, without {@code /api/v1}
     * @param login who asks
     * @param tenants whose runs may ask it; all if there are none
     */
    record Prometheus(URI url, Login login, Set<String> tenants) implements Source {
        public Prometheus {
            tenants = Set.copyOf(tenants);
        }

        @Override
        public Duration delay() {
            return Duration.ZERO;
        }

        @Override
        public Endpoint endpoint(TextFiles files) {
            return new Endpoint(url, login.credentials(files, Credentials::bearer));
        }

        @Override
        public SeriesSource series(TextFiles files, OutgoingRequests requests) {
            return new PrometheusSeries(new PrometheusClient(endpoint(files), requests));
        }
    }

    /**
     * Datadog.
     *
     * @param url where its API is, without {@code /api/v1}
     * @param apiKeyFile the file of the API key
     * @param applicationKeyFile the file of the application key
     * @param tenants whose runs may ask it; all if there are none
     * @param delay how long after something has happened it surely has it
     */
    record Datadog(URI url, Path apiKeyFile, Path applicationKeyFile, Set<String> tenants, Duration delay)
            implements Source {
        /** The delay where nothing else is said: agents send every ten seconds, and some metrics come a minute late. */
        public static final Duration DEFAULT_DELAY = Duration.ofSeconds(90);

        public Datadog {
            tenants = Set.copyOf(tenants);
        }

        @Override
        public Endpoint endpoint(TextFiles files) {
            return new Endpoint(url, Credentials.datadog(secret(files, apiKeyFile), secret(files, applicationKeyFile)));
        }

        @Override
        public SeriesSource series(TextFiles files, OutgoingRequests requests) {
            return new DatadogSeries(endpoint(files), requests);
        }
    }

    /**
     * An Elasticsearch.
     *
     * @param url where its API is
     * @param login who asks; the token is an API key
     * @param index the indices of which documents are counted, others are not asked
     * @param timestampField the field that says when a request was
     * @param tenants whose runs may ask it; all if there are none
     * @param delay how long after something has happened it surely has it
     */
    record Elasticsearch(URI url, Login login, String index, String timestampField, Set<String> tenants, Duration delay)
            implements Source {
        /** The delay where nothing else is said: shippers keep documents for some seconds, and a refresh may be 30 s away. */
        public static final Duration DEFAULT_DELAY = Duration.ofSeconds(60);
        /** When a request was, where nothing else is said. */
        public static final String DEFAULT_TIMESTAMP_FIELD = "@timestamp";

        public Elasticsearch {
            ElasticsearchSeries.requireIndex(index);
            tenants = Set.copyOf(tenants);
        }

        @Override
        public Endpoint endpoint(TextFiles files) {
            return new Endpoint(url, login.credentials(files, Credentials::apiKey));
        }

        @Override
        public SeriesSource series(TextFiles files, OutgoingRequests requests) {
            return new ElasticsearchSeries(endpoint(files), requests, index, timestampField);
        }
    }

    private static Supplier<String> secret(TextFiles files, Path file) {
        return () -> {
            try {
                return files.read(file).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
