package dev.sluice.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and its KRaft controller, one node, in this JVM, on 127.0.0.1.
 *
 * <p>Topics, records, consumer offsets and the cluster id live in the directory: a later start on the same directory,
 * on the same port or another, finds them. That includes a start after {@code kill -9}; records that only the page
 * cache had are lost when the machine loses power.
 *
 * <p>Topics are created by an admin client only; a record lives until the topic's own settings delete it. One directory
 * belongs to one running broker.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaBroker.class);
    private static final int NODE_ID = 1;
    private static final String CONTROLLER = "CONTROLLER";
    private static final int MIB = 1 << 20;

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private KafkaBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it serves clients.
     *
     * @throws PortTakenException if another process listens on the configured port
     * @throws IllegalStateException if the broker does not start, for instance because another one uses the directory
     */
    public static KafkaBroker start(KafkaBrokerConfig config) {
        int port = FreePorts.resolve(config.port(), "the Kafka broker");
        int controllerPort = FreePorts.pick();
        long startedNanos = System.nanoTime();
        format(config.directory());
        var server = new KafkaRaftServer(new KafkaConfig(properties(config, port, controllerPort), false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            server.awaitShutdown();
            throw new IllegalStateException("the Kafka broker did not start in " + config.directory(), e);
        }
        LOGGER.atInfo()
                .addKeyValue("directory", config.directory())
                .addKeyValue("port", port)
                .addKeyValue("duration_ms", (System.nanoTime() - startedNanos) / 1_000_000)
                .log("Kafka broker started");
        return new KafkaBroker(server, port);
    }

    /** What a client's {@code bootstrap.servers} needs: host and port. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The port on 127.0.0.1 for clients. */
    public int port() {
        return port;
    }

    /** Stops the broker cleanly and returns when its ports and files are released. A second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            server.shutdown();
            server.awaitShutdown();
            LOGGER.atInfo().addKeyValue("port", port).log("Kafka broker stopped");
        }
    }

    /** Writes the cluster id and the first metadata of an empty directory; leaves any other as it is. */
    private static void format(Path directory) {
        try {
            Files.createDirectories(directory);
            if (Files.exists(directory.resolve("meta.properties"))) {
                return;
            }
            try (var discarded = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
                new Formatter()
                        .setNodeId(NODE_ID)
                        .setClusterId(Uuid.randomUuid().toString())
                        .setDirectories(List.of(directory.toString()))
                        .setMetadataLogDirectory(directory.toString())
                        .setControllerListenerName(CONTROLLER)
                        .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                        .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                        .setIgnoreFormatted(true)
                        .setUnstableFeatureVersionsEnabled(false)
                        .setPrintStream(discarded)
                        .run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the Kafka directory " + directory, e);
        } catch (Exception e) { // Formatter.run declares no narrower type
            throw new IllegalStateException("cannot format the Kafka directory " + directory, e);
        }
    }

    private static Properties properties(KafkaBrokerConfig config, int port, int controllerPort) {
        var properties = new Properties();
        properties.putAll(identity(config, port, controllerPort));
        properties.putAll(durability());
        properties.putAll(frugality());
        properties.put("num.partitions", Integer.toString(config.partitions()));
        properties.put(
                "server.max.startup.time.ms", Long.toString(config.startLimit().toMillis()));
        return properties;
    }

    private static Map<String, String> identity(KafkaBrokerConfig config, int port, int controllerPort) {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "controller.quorum.voters",
                NODE_ID + "@127.0.0.1:" + controllerPort,
                "controller.listener.names",
                CONTROLLER,
                "listeners",
                "PLAINTEXT://127.0.0.1:" + port + "," + CONTROLLER + "://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://127.0.0.1:" + port,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
                "inter.broker.listener.name",
                "PLAINTEXT",
                "log.dirs",
                config.directory().toString());
    }

    /** One replica of everything, and nothing deleted that a topic's own settings do not delete. */
    private static Map<String, String> durability() {
        return Map.ofEntries(
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("auto.create.topics.enable", "false"),
                // events carry old event times: a limit by time would delete history as soon as it arrives
                Map.entry("log.retention.ms", "-1"),
                Map.entry("log.retention.bytes", "-1"),
                // a consumer group outlives an installation that is switched off for weeks
                Map.entry("offsets.retention.minutes", Integer.toString(365 * 24 * 60)),
                Map.entry("transaction.max.timeout.ms", "900000"),
                // a group has one or two members here: nobody else is worth waiting for
                Map.entry("group.initial.rebalance.delay.ms", "0"));
    }

    /** Few threads, small buffers and little idle work. */
    private static Map<String, String> frugality() {
        return Map.ofEntries(
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("num.network.threads", "2"),
                // an idle one of them looks for work three times a second
                Map.entry("num.io.threads", "2"),
                Map.entry("background.threads", "2"),
                Map.entry("num.recovery.threads.per.data.dir", "2"),
                Map.entry("group.coordinator.threads", "1"),
                Map.entry("log.segment.bytes", Integer.toString(128 * MIB)),
                Map.entry("log.cleaner.enable", "true"),
                Map.entry("log.cleaner.threads", "1"),
                Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(8 * MIB)),
                Map.entry("metadata.log.segment.bytes", Integer.toString(16 * MIB)),
                Map.entry("metadata.max.retention.bytes", Integer.toString(64 * MIB)),
                // an idle controller writes a record per interval; the default is twice a second
                Map.entry("metadata.max.idle.interval.ms", "5000"),
                // after a kill the new broker waits until the dead one's session has run out
                Map.entry("broker.heartbeat.interval.ms", "1000"),
                Map.entry("broker.session.timeout.ms", "4000"));
    }
}
