package dev.sluice.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.ServiceDescribed;
import java.io.IOException;
import java.util.function.Consumer;
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

    /**
     * What sets one kind of event apart from the others.
     *
     * @param type the event's type
     * @param subject the subject's id
     * @param group the repository or service whose events stay in order
     * @param content writes the subject's content
     */
    private record Shape(String type, String subject, String group, Consumer<ObjectNode> content) {
        static Shape of(DeliveryEvent event) {
            return event.accept(new DeliveryEvent.Visitor<Shape>() {
                @Override
                public Shape commitRecorded(CommitRecorded commit) {
                    return new Shape(
                            EventTypes.COMMIT_RECORDED,
                            commit.sha(),
                            commit.repository(),
                            content -> EventContents.write(commit, content));
                }

                @Override
                public Shape deploymentObserved(DeploymentObserved deployment) {
                    String repository = deployment.repository();
                    return new Shape(
                            EventTypes.DEPLOYMENT_OBSERVED,
                            deployment.deploymentId(),
                            repository == null ? deployment.service() : repository,
                            content -> EventContents.write(deployment, content));
                }

                @Override
                public Shape incidentObserved(IncidentObserved incident) {
                    return new Shape(
                            EventTypes.INCIDENT_OBSERVED,
                            incident.incidentId(),
                            incident.incidentId(),
                            content -> EventContents.write(incident, content));
                }

                @Override
                public Shape pullRequestObserved(PullRequestObserved pull) {
                    return new Shape(
                            EventTypes.PULL_REQUEST_OBSERVED,
                            pull.pullRequestId(),
                            pull.repository(),
                            content -> EventContents.write(pull, content));
                }

                @Override
                public Shape driftChecked(DriftChecked check) {
                    return new Shape(
                            EventTypes.DRIFT_CHECKED,
                            check.checkId(),
                            check.service(),
                            content -> EventContents.write(check, content));
                }

                @Override
                public Shape serviceDescribed(ServiceDescribed service) {
                    return new Shape(
                            EventTypes.SERVICE_DESCRIBED,
                            service.service(),
                            service.service(),
                            content -> EventContents.write(service, content));
                }

                @Override
                public Shape catalogueAssigned(CatalogueAssigned assigned) {
                    return new Shape(
                            EventTypes.CATALOGUE_ASSIGNED,
                            assigned.subject(),
                            assigned.subject(),
                            content -> EventContents.write(assigned, content));
                }
            });
        }
    }

    /** Returns the record key: events of one repository, or else of one service or incident, stay in order. */
    public static String key(DeliveryEvent event) {
        return Keys.of(event.header().tenant(), Shape.of(event).group());
    }

    /** Returns the event as a structured CloudEvent, in UTF-8. */
    public static byte[] encode(DeliveryEvent event) {
        return encode(event, null);
    }

    /**
     * Returns the event as a structured CloudEvent, in UTF-8.
     *
     * @param note who made the correction that the event is, and why: {@code customData.sluice.correction}, for people to
     *     read; null of any other event
     */
    public static byte[] encode(DeliveryEvent event, @Nullable CorrectionNote note) {
        EventHeader header = event.header();
        Shape shape = Shape.of(event);
        ObjectNode envelope = Json.mapper().createObjectNode();
        envelope.put("specversion", "1.0");
        envelope.put("id", header.id());
        envelope.put("source", header.source());
        envelope.put("type", shape.type());
        envelope.put("subject", shape.subject());
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
        context.put("type", shape.type());
        context.put("timestamp", header.occurredAt().toString());
        ObjectNode subject = data.putObject("subject");
        subject.put("id", shape.subject());
        shape.content().accept(subject.putObject("content"));
        if (note != null) {
            ObjectNode correction =
                    data.putObject("customData").putObject("sluice").putObject("correction");
            correction.put("principal", note.principal());
            correction.put("reason", note.reason());
            Fields.put(correction, "ticket", note.ticket());
        }
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
        JsonNode node;
        try {
            node = Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new MalformedRecordException("not JSON: " + e.getMessage(), "", e);
        }
        var envelope = new Fields(node, "");
        EventHeader header;
        try {
            header = new EventHeader(
                    envelope.text("id"),
                    envelope.text(TENANT),
                    envelope.text("source"),
                    envelope.text(DELIVERY),
                    envelope.instant("time"),
                    envelope.instant(RECEIVED_AT));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException(String.valueOf(e.getMessage()), "", e);
        }
        return decode(header, envelope.text("type"), node.path("data"), "/data");
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
        Fields subject = new Fields(cdEvent, pointer).of("subject");
        try {
            return switch (type) {
                case EventTypes.COMMIT_RECORDED -> EventContents.readCommit(header, subject);
                case EventTypes.DEPLOYMENT_OBSERVED -> EventContents.readDeployment(header, subject);
                case EventTypes.INCIDENT_OBSERVED -> EventContents.readIncident(header, subject);
                case EventTypes.PULL_REQUEST_OBSERVED -> EventContents.readPullRequest(header, subject);
                case EventTypes.DRIFT_CHECKED -> EventContents.readDrift(header, subject);
                case EventTypes.SERVICE_DESCRIBED -> EventContents.readService(header, subject);
                case EventTypes.CATALOGUE_ASSIGNED -> EventContents.readAssignment(header, subject);
                default -> throw new MalformedRecordException("unknown event type " + type, "/type", null);
            };
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedRecordException(
                    String.valueOf(e.getMessage()), subject.of("content").at(), e);
        }
    }
}
