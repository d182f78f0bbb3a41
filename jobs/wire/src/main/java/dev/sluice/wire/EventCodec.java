package dev.sluice.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Parentage;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A delivery event as JSON: a CDEvent 0.5.1 (custom event) in a structured CloudEvent 1.0. What only Sluice knows
 * (tenant, delivery, time of receipt) travels as CloudEvents extensions.
 */
public final class EventCodec {
    private static final String TENANT = "sluicetenant";
    private static final String DELIVERY = "sluicedelivery";
    private static final String RECEIVED_AT = "sluicereceivedat";

    private EventCodec() {}

    /** Returns the record key: events of one repository, or else of one service, stay in order. */
    public static String key(DeliveryEvent event) {
        return event.accept(new DeliveryEvent.Visitor<String>() {
            @Override
            public String commitRecorded(CommitRecorded commit) {
                return Keys.of(commit.header().tenant(), commit.repository());
            }

            @Override
            public String deploymentObserved(DeploymentObserved deployment) {
                String repository = deployment.repository();
                return Keys.of(deployment.header().tenant(), repository == null ? deployment.service() : repository);
            }
        });
    }

    /** Returns the event as a structured CloudEvent, in UTF-8. */
    public static byte[] encode(DeliveryEvent event) {
        EventHeader header = event.header();
        ObjectNode envelope = Json.mapper().createObjectNode();
        String type = event.accept(new DeliveryEvent.Visitor<String>() {
            @Override
            public String commitRecorded(CommitRecorded commit) {
                return EventTypes.COMMIT_RECORDED;
            }

            @Override
            public String deploymentObserved(DeploymentObserved deployment) {
                return EventTypes.DEPLOYMENT_OBSERVED;
            }
        });
        String subject = event.accept(new DeliveryEvent.Visitor<String>() {
            @Override
            public String commitRecorded(CommitRecorded commit) {
                return commit.sha();
            }

            @Override
            public String deploymentObserved(DeploymentObserved deployment) {
                return deployment.deploymentId();
            }
        });
        envelope.put("specversion", "1.0");
        envelope.put("id", header.id());
        envelope.put("source", header.source());
        envelope.put("type", type);
        envelope.put("subject", subject);
        envelope.put("time", header.occurredAt().toString());
        envelope.put("datacontenttype", "application/json");
        envelope.put(TENANT, header.tenant());
        envelope.put(DELIVERY, header.delivery());
        envelope.put(RECEIVED_AT, header.receivedAt().toString());
        ObjectNode data = envelope.putObject("data");
        ObjectNode context = data.putObject("context");
        context.put("specversion", EventTypes.CDEVENTS_VERSION);
        context.put("id", header.id());
        context.put("source", header.source());
        context.put("type", type);
        context.put("timestamp", header.occurredAt().toString());
        ObjectNode subjectNode = data.putObject("subject");
        subjectNode.put("id", subject);
        ObjectNode content = subjectNode.putObject("content");
        event.accept(new DeliveryEvent.Visitor<ObjectNode>() {
            @Override
            public ObjectNode commitRecorded(CommitRecorded commit) {
                return write(commit, content);
            }

            @Override
            public ObjectNode deploymentObserved(DeploymentObserved deployment) {
                return write(deployment, content);
            }
        });
        try {
            return Json.mapper().writeValueAsBytes(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("event " + header.id() + " cannot be written", e);
        }
    }

    /**
     * Reads an event that {@link #encode} wrote.
     *
     * @throws MalformedRecordException if the bytes are not such an event
     */
    public static DeliveryEvent decode(byte[] json) {
        JsonNode envelope;
        try {
            envelope = Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new MalformedRecordException("not JSON: " + e.getMessage(), "", e);
        }
        EventHeader header;
        try {
            header = new EventHeader(
                    text(envelope, "id", ""),
                    text(envelope, TENANT, ""),
                    text(envelope, "source", ""),
                    text(envelope, DELIVERY, ""),
                    instant(envelope, "time", ""),
                    instant(envelope, RECEIVED_AT, ""));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), "", e);
        }
        return decode(header, text(envelope, "type", ""), envelope.path("data"), "/data");
    }

    /**
     * Reads the CDEvent of one of Sluice's own types.
     *
     * @param header identity and times, already known from the envelope
     * @param type the event's type, see {@link EventTypes}
     * @param cdEvent the CDEvent: context, subject, customData
     * @param pointer where {@code cdEvent} stands in the document, for error messages
     * @throws MalformedRecordException if a field is missing or wrong, or the type is not one of ours
     */
    public static DeliveryEvent decode(EventHeader header, String type, JsonNode cdEvent, String pointer) {
        JsonNode subject = cdEvent.path("subject");
        JsonNode content = subject.path("content");
        String at = pointer + "/subject/content";
        try {
            return switch (type) {
                case EventTypes.COMMIT_RECORDED -> readCommit(header, subject, content, pointer + "/subject", at);
                case EventTypes.DEPLOYMENT_OBSERVED ->
                    readDeployment(header, subject, content, pointer + "/subject", at);
                default -> throw new MalformedRecordException("unknown event type " + type, "/type", null);
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), at, e);
        }
    }

    private static ObjectNode write(CommitRecorded commit, ObjectNode content) {
        content.put("repository", commit.repository());
        content.put("parentage", commit.parentage().name().toLowerCase(Locale.ROOT));
        addAll(content.putArray("parents"), commit.parents());
        content.put("authoredAt", commit.authoredAt().toString());
        put(content, "committedAt", commit.committedAt());
        if (!commit.reverts().isEmpty()) {
            addAll(content.putArray("reverts"), commit.reverts());
        }
        put(content, "cherryPickOf", commit.cherryPickOf());
        return content;
    }

    private static DeliveryEvent readCommit(
            EventHeader header, JsonNode subject, JsonNode content, String subjectAt, String at) {
        List<String> parents = texts(content, "parents", at);
        String parentage = optionalText(content, "parentage", at);
        return new CommitRecorded(
                header,
                text(content, "repository", at),
                text(subject, "id", subjectAt),
                parents,
                parentage == null
                        ? (content.has("parents") ? Parentage.EXPLICIT : Parentage.UNKNOWN)
                        : constant(Parentage.class, parentage, "parentage", at),
                instant(content, "authoredAt", at),
                optionalInstant(content, "committedAt", at),
                texts(content, "reverts", at),
                optionalText(content, "cherryPickOf", at));
    }

    private static ObjectNode write(DeploymentObserved deployment, ObjectNode content) {
        content.put("service", deployment.service());
        content.put("environment", deployment.environment());
        content.put("state", deployment.state().name().toLowerCase(Locale.ROOT));
        if (deployment.revision() != 0) {
            content.put("revision", deployment.revision());
        }
        if (deployment.rank() != 0) {
            content.put("rank", deployment.rank());
        }
        put(content, "queuedAt", deployment.queuedAt());
        put(content, "startedAt", deployment.startedAt());
        put(content, "version", deployment.version());
        put(content, "repository", deployment.repository());
        put(content, "sha", deployment.sha());
        put(content, "digest", deployment.digest());
        put(content, "groupId", deployment.groupId());
        put(content, "remediates", deployment.remediates());
        DeploymentKind kind = deployment.statedKind();
        put(content, "kind", kind == null ? null : kind.name().toLowerCase(Locale.ROOT));
        if (deployment.planned() != null) {
            content.put("planned", deployment.planned());
        }
        return content;
    }

    private static DeliveryEvent readDeployment(
            EventHeader header, JsonNode subject, JsonNode content, String subjectAt, String at) {
        String kind = optionalText(content, "kind", at);
        return new DeploymentObserved(
                header,
                text(subject, "id", subjectAt),
                text(content, "service", at),
                text(content, "environment", at),
                constant(DeploymentState.class, text(content, "state", at), "state", at),
                integer(content, "revision", at),
                Math.toIntExact(integer(content, "rank", at)),
                optionalInstant(content, "queuedAt", at),
                optionalInstant(content, "startedAt", at),
                optionalText(content, "version", at),
                optionalText(content, "repository", at),
                optionalText(content, "sha", at),
                optionalText(content, "digest", at),
                optionalText(content, "groupId", at),
                optionalText(content, "remediates", at),
                kind == null ? null : constant(DeploymentKind.class, kind, "kind", at),
                optionalFlag(content, "planned", at));
    }

    private static void put(ObjectNode node, String field, @Nullable Object value) {
        if (value != null) {
            node.put(field, value.toString());
        }
    }

    private static void addAll(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static String text(JsonNode node, String field, String at) {
        String value = optionalText(node, field, at);
        if (value == null) {
            throw new MalformedRecordException("is required and must be a text", at + "/" + field, null);
        }
        return value;
    }

    private static @Nullable String optionalText(JsonNode node, String field, String at) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new MalformedRecordException("must be a text", at + "/" + field, null);
        }
        return value.textValue().isEmpty() ? null : value.textValue();
    }

    private static @Nullable Boolean optionalFlag(JsonNode node, String field, String at) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw new MalformedRecordException("must be true or false", at + "/" + field, null);
        }
        return value.booleanValue();
    }

    private static long integer(JsonNode node, String field, String at) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw new MalformedRecordException("must be a whole number", at + "/" + field, null);
        }
        return value.longValue();
    }

    private static List<String> texts(JsonNode node, String field, String at) {
        JsonNode list = node.path(field);
        if (!(list.isMissingNode() || list.isNull() || list.isArray())) {
            throw new MalformedRecordException("must be a list of texts", at + "/" + field, null);
        }
        var values = new ArrayList<String>();
        for (JsonNode value : list) {
            if (!value.isTextual()) {
                throw new MalformedRecordException("must hold texts only", at + "/" + field, null);
            }
            values.add(value.textValue());
        }
        return values;
    }

    private static Instant instant(JsonNode node, String field, String at) {
        Instant value = optionalInstant(node, field, at);
        if (value == null) {
            throw new MalformedRecordException("is required and must be a time (RFC 3339)", at + "/" + field, null);
        }
        return value;
    }

    private static @Nullable Instant optionalInstant(JsonNode node, String field, String at) {
        String value = optionalText(node, field, at);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw new MalformedRecordException("is not a time (RFC 3339): " + value, at + "/" + field, e);
        }
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String value, String field, String at) {
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("unknown value " + value, at + "/" + field, e);
        }
    }
}
