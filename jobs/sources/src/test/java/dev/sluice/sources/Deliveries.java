package dev.sluice.sources;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;

/** Deliveries for tests, received at one moment after everything that the payloads tell of. */
public final class Deliveries {
    /** When every delivery here was received. */
    public static final Instant RECEIVED_AT = Instant.parse("2026-03-02T08:30:00Z");
    /** When those were received that tell of later things. */
    public static final Instant LATE = Instant.parse("2026-12-01T00:00:00Z");
    /** The id of every delivery here. */
    public static final String ID = "d-1-42";

    /** Who sent every delivery here. */
    public static final String PRINCIPAL = "mia";

    private Deliveries() {}

    /** Returns a webhook of GitHub. */
    public static Delivery github(String event, byte[] body) {
        return delivery("github", "acme-github", event, "application/json", body);
    }

    /** Returns a webhook of GitLab. */
    public static Delivery gitlab(byte[] body) {
        return delivery("gitlab", "acme-gitlab", "System Hook", "application/json", body);
    }

    /** Returns a CloudEvent. */
    public static Delivery cloudEvent(byte[] body) {
        return delivery("cloudevents", "events", "", "application/cloudevents+json", body);
    }

    /** Returns a correction. */
    public static Delivery correction(byte[] body) {
        return delivery("sluice", "corrections", "", "application/cloudevents+json", body);
    }

    /** Returns a delivery of any kind. */
    public static Delivery delivery(String source, String connection, String event, String contentType, byte[] body) {
        return new Delivery(
                "default", source, connection, ID, "key-1", event, PRINCIPAL, contentType, RECEIVED_AT, Map.of(), body);
    }

    /** Returns the same delivery, received at another time. */
    public static Delivery received(Delivery delivery, Instant at) {
        return new Delivery(
                delivery.tenant(),
                delivery.source(),
                delivery.connection(),
                delivery.id(),
                delivery.deliveryKey(),
                delivery.event(),
                delivery.principal(),
                delivery.contentType(),
                at,
                delivery.parameters(),
                delivery.body());
    }

    /** Returns a delivery without an event's name, received after everything that the samples tell of. */
    public static Delivery late(String source, Map<String, String> parameters, byte[] body) {
        return new Delivery(
                "default",
                source,
                "acme-" + source,
                ID,
                "key-1",
                "",
                PRINCIPAL,
                "application/json",
                LATE,
                parameters,
                body);
    }

    /** Returns a payload that stands in the test resources. */
    public static byte[] payload(String path) {
        try (InputStream stream = Deliveries.class.getResourceAsStream("/" + path)) {
            if (stream == null) {
                throw new IllegalArgumentException("no test resource " + path);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a payload that stands in the test resources, changed. */
    public static byte[] changed(String path, Consumer<ObjectNode> change) {
        ObjectNode body = (ObjectNode) Documents.read(payload(path)).node();
        change.accept(body);
        return Json.bytes(body);
    }

    /** Returns the bytes of a text. */
    public static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** Returns where the published examples of events stand. */
    public static Path examples() {
        return Path.of(System.getProperty("sluice.root"), "schemas", "events", "examples");
    }

    /** Returns where the published examples of corrections stand. */
    public static Path corrections() {
        return Path.of(System.getProperty("sluice.root"), "schemas", "corrections", "examples");
    }

    /** Returns where the samples of third parties stand, if they are at hand. */
    public static Path samples() {
        return Path.of(System.getProperty("sluice.shared"), "samples");
    }
}
