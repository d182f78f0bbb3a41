package dev.sluice.gateapi;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressAuthorities;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.tls.TlsFiles;
import dev.sluice.store.ClickHouseSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How a gate API runs.
 *
 * @param host address to listen on; without a token file, and where it is no loopback address, a first token is shown at the start
 * @param port port to listen on; 0 for a free one
 * @param kafkaBootstrap Kafka's bootstrap servers
 * @param clickHouse where ClickHouse is; null for none: then what it feeds answers 503
 * @param files the files that it reads when it starts
 * @param partitions partitions of topics that do not exist yet
 * @param replication copies of each partition of topics that do not exist yet
 * @param heartbeat from one heartbeat on the raw topic to the next
 * @param rateLimits how often callers may ask
 * @param egress where requests go whose URL was given by the API
 * @param environment environment variables, for the secrets of connections
 */
public record GateApiConfig(
        String host,
        int port,
        String kafkaBootstrap,
        @Nullable ClickHouseSettings clickHouse,
        GateApiFiles files,
        int partitions,
        short replication,
        Duration heartbeat,
        RateLimits.Settings rateLimits,
        EgressRules egress,
        Map<String, String> environment) {
    /** The port where none is configured. */
    public static final int DEFAULT_PORT = 8080;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_RATE = 1_000_000;
    private static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);
    private static final String LOOPBACK = "127.0.0.1";

    private static final Set<String> KEYS = Set.of(
            "SLUICE_HTTP_HOST",
            "SLUICE_HTTP_PORT",
            "SLUICE_KAFKA_BOOTSTRAP",
            "SLUICE_CLICKHOUSE_URL",
            "SLUICE_CLICKHOUSE_USER",
            "SLUICE_CLICKHOUSE_PASSWORD",
            "SLUICE_POLICIES",
            "SLUICE_TOKENS",
            "SLUICE_CONNECTIONS",
            "SLUICE_REPORT",
            "SLUICE_SECRETS",
            "SLUICE_METRIC_SOURCES",
            "SLUICE_SIGNING_KEYS",
            "SLUICE_AUDIT_EXPORT",
            "SLUICE_OIDC",
            "SLUICE_TLS_CERT",
            "SLUICE_TLS_KEY",
            "SLUICE_PARTITIONS",
            "SLUICE_REPLICATION",
            "SLUICE_RATE_TOKEN",
            "SLUICE_RATE_TENANT",
            "SLUICE_RATE_FAILURES",
            EgressRules.ALLOW,
            EgressRules.HOSTS,
            EgressAuthorities.FILE);

    public GateApiConfig {
        requireNonNull(host, "host");
        requireNonNull(kafkaBootstrap, "kafkaBootstrap");
        requireNonNull(files, "files");
        requireNonNull(rateLimits, "rateLimits");
        requireNonNull(egress, "egress");
        environment = Map.copyOf(environment);
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 to 65535, is " + port);
        }
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be at least 1, is " + partitions);
        }
        if (replication < 1) {
            throw new IllegalArgumentException("replication must be at least 1, is " + replication);
        }
        if (heartbeat.toMillis() < 1) {
            throw new IllegalArgumentException("heartbeat must be at least 1 ms, is " + heartbeat);
        }
    }

    /** The defaults: this machine only, port 8080, the shipped policy, 2 partitions of one copy, no ClickHouse. */
    public static GateApiConfig of(String kafkaBootstrap) {
        return new GateApiConfig(
                LOOPBACK,
                DEFAULT_PORT,
                kafkaBootstrap,
                null,
                GateApiFiles.NONE,
                2,
                (short) 1,
                DEFAULT_HEARTBEAT,
                RateLimits.Settings.DEFAULT,
                EgressRules.publicOnly(),
                Map.of());
    }

    /**
     * Reads the configuration from environment variables.
     *
     * @param environment all variables
     * @throws dev.sluice.gateapi.config.ConfigurationException naming everything that is wrong
     */
    public static GateApiConfig read(Map<String, String> environment) {
        var problems = new Problems();
        String bootstrap = environment.getOrDefault("SLUICE_KAFKA_BOOTSTRAP", "");
        if (bootstrap.isBlank()) {
            problems.add("SLUICE_KAFKA_BOOTSTRAP must name Kafka's bootstrap servers");
        }
        int port = number(environment, "SLUICE_HTTP_PORT", DEFAULT_PORT, 0, MAX_PORT, problems);
        int partitions = number(environment, "SLUICE_PARTITIONS", 12, 1, 10_000, problems);
        int replication = number(environment, "SLUICE_REPLICATION", 1, 1, 100, problems);
        @Nullable ClickHouseSettings clickHouse = clickHouse(environment, problems);
        RateLimits.Settings rateLimits = rateLimits(environment, problems);
        EgressRules egress = EgressRules.read(
                text(environment, EgressRules.ALLOW).orElse(""),
                text(environment, EgressRules.HOSTS).orElse(""),
                problems);
        @Nullable TlsFiles tls = tls(environment, problems);
        problems.throwIfAny();
        return new GateApiConfig(
                text(environment, "SLUICE_HTTP_HOST").orElse(LOOPBACK),
                port,
                bootstrap,
                clickHouse,
                new GateApiFiles(
                        path(environment, "SLUICE_POLICIES"),
                        path(environment, "SLUICE_TOKENS"),
                        path(environment, "SLUICE_CONNECTIONS"),
                        path(environment, "SLUICE_REPORT"),
                        path(environment, "SLUICE_SECRETS"),
                        path(environment, "SLUICE_METRIC_SOURCES"),
                        path(environment, "SLUICE_SIGNING_KEYS"),
                        path(environment, "SLUICE_AUDIT_EXPORT"),
                        path(environment, "SLUICE_OIDC"),
                        path(environment, EgressAuthorities.FILE),
                        tls),
                partitions,
                (short) replication,
                DEFAULT_HEARTBEAT,
                rateLimits,
                egress,
                environment);
    }

    /** Returns the names of the variables that {@link #read} knows, in order. */
    public static Set<String> keys() {
        return new TreeSet<>(KEYS);
    }

    private static Optional<String> text(Map<String, String> environment, String key) {
        return Optional.ofNullable(environment.get(key)).filter(value -> !value.isBlank());
    }

    private static @Nullable Path path(Map<String, String> environment, String key) {
        return text(environment, key).map(Path::of).orElse(null);
    }

    private static @Nullable TlsFiles tls(Map<String, String> environment, Problems problems) {
        @Nullable Path certificate = path(environment, "SLUICE_TLS_CERT");
        @Nullable Path key = path(environment, "SLUICE_TLS_KEY");
        if (certificate != null && key != null) {
            return new TlsFiles(certificate, key);
        }
        if (certificate != null || key != null) {
            problems.add("SLUICE_TLS_CERT and SLUICE_TLS_KEY must name files both, or neither");
        }
        return null;
    }

    private static int number(
            Map<String, String> environment, String key, int absent, int least, int most, Problems problems) {
        Optional<String> text = text(environment, key);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // reported below like a number out of range
        }
        problems.add(key + " must be a whole number from " + least + " to " + most + ", is " + text.get());
        return absent;
    }

    private static RateLimits.Settings rateLimits(Map<String, String> environment, Problems problems) {
        RateLimits.Settings absent = RateLimits.Settings.DEFAULT;
        return new RateLimits.Settings(
                number(environment, "SLUICE_RATE_TOKEN", absent.credentialPerSecond(), 1, MAX_RATE, problems),
                number(environment, "SLUICE_RATE_TENANT", absent.tenantPerSecond(), 1, MAX_RATE, problems),
                number(environment, "SLUICE_RATE_FAILURES", absent.failuresPerMinute(), 1, MAX_RATE, problems));
    }

    private static @Nullable ClickHouseSettings clickHouse(Map<String, String> environment, Problems problems) {
        Optional<String> url = text(environment, "SLUICE_CLICKHOUSE_URL");
        if (url.isEmpty()) {
            return null;
        }
        try {
            return ClickHouseSettings.at(URI.create(url.get()))
                    .withUser(
                            text(environment, "SLUICE_CLICKHOUSE_USER").orElse(ClickHouseSettings.DEFAULT_USER),
                            text(environment, "SLUICE_CLICKHOUSE_PASSWORD").orElse(""));
        } catch (IllegalArgumentException e) {
            problems.add("SLUICE_CLICKHOUSE_URL must be an http or https URL without user or password");
            return null;
        }
    }

    /** The same on another port. */
    public GateApiConfig withPort(int newPort) {
        return new GateApiConfig(
                host,
                newPort,
                kafkaBootstrap,
                clickHouse,
                files,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                egress,
                environment);
    }

    /** The same on another address. */
    public GateApiConfig withHost(String newHost) {
        return new GateApiConfig(
                newHost,
                port,
                kafkaBootstrap,
                clickHouse,
                files,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                egress,
                environment);
    }

    /** The same with a ClickHouse. */
    public GateApiConfig withClickHouse(ClickHouseSettings settings) {
        return new GateApiConfig(
                host,
                port,
                kafkaBootstrap,
                settings,
                files,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                egress,
                environment);
    }

    /** The same with other files. */
    public GateApiConfig withFiles(GateApiFiles newFiles) {
        return new GateApiConfig(
                host,
                port,
                kafkaBootstrap,
                clickHouse,
                newFiles,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                egress,
                environment);
    }

    /** The same with other limits. */
    public GateApiConfig withRateLimits(RateLimits.Settings newLimits) {
        return new GateApiConfig(
                host,
                port,
                kafkaBootstrap,
                clickHouse,
                files,
                partitions,
                replication,
                heartbeat,
                newLimits,
                egress,
                environment);
    }

    /** The same with other rules for what is sent. */
    public GateApiConfig withEgress(EgressRules newRules) {
        return new GateApiConfig(
                host,
                port,
                kafkaBootstrap,
                clickHouse,
                files,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                newRules,
                environment);
    }

    /** The same with other environment variables. */
    public GateApiConfig withEnvironment(Map<String, String> newEnvironment) {
        return new GateApiConfig(
                host,
                port,
                kafkaBootstrap,
                clickHouse,
                files,
                partitions,
                replication,
                heartbeat,
                rateLimits,
                egress,
                newEnvironment);
    }

    /** Everything but the environment, which holds secrets. */
    @Override
    public String toString() {
        return "GateApiConfig[host=" + host + ", port=" + port + ", kafkaBootstrap=" + kafkaBootstrap + ", clickHouse="
                + clickHouse + ", files=" + files + ", partitions=" + partitions + ", replication=" + replication
                + ", heartbeat=" + heartbeat + ", rateLimits=" + rateLimits + ", egress=" + egress + "]";
    }
}
