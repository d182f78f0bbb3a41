package dev.sluice.sources.corrections;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Documents;
import dev.sluice.sources.EventTimes;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.wire.CorrectionNote;
import dev.sluice.wire.CorrectionSchema;
import dev.sluice.wire.Violation;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Understands corrections. One is an observation like all others, of what it corrects: it says nothing but what it
 * corrects, and its revision is above that of every event and of every earlier correction. Who made it and why stands
 * beside it.
 */
public final class CorrectionsAdapter implements SourceAdapter {
    /** Where the revisions of corrections begin; those of events end below, see {@code cdevent.schema.json}. */
    static final long FIRST_REVISION = 1L << 50;

    private final CorrectionSchema schema = CorrectionSchema.load();

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            Place root = Documents.read(delivery.body());
            Place said = root.at("data").object().encodable();
            List<Violation> violations = schema.validate(said.node(), said.pointer());
            if (!violations.isEmpty()) {
                return Outcome.Malformed.of(violations);
            }
            var note = new CorrectionNote(
                    delivery.principal(),
                    said.at("reason").text(),
                    said.at("ticket").optionalText());
            return new Outcome.Events(List.of(event(header(delivery, root), said)), List.of(), note);
        } catch (Rejection e) {
            return e.outcome();
        }
    }

    private static EventHeader header(Delivery delivery, Place root) {
        Place time = root.at("time");
        return new EventHeader(
                EventIds.of(
                        delivery.tenant(),
                        CorrectionEvent.SOURCE,
                        "correction",
                        root.at("id").text()),
                delivery.tenant(),
                CorrectionEvent.SOURCE,
                delivery.id(),
                EventTimes.occurred(time.time(), delivery.receivedAt(), time.pointer()),
                delivery.receivedAt());
    }

    private static DeliveryEvent event(EventHeader header, Place said) {
        String kind = said.at("kind").text();
        return switch (kind) {
            case "deployment_failed" ->
                deployment(
                        header,
                        said,
                        DeploymentState.AMENDED,
                        null,
                        said.at("failed").optionalFlag());
            case "deployment_remediates" ->
                deployment(
                        header,
                        said,
                        DeploymentState.AMENDED,
                        said.at("remediates").text(),
                        null);
            case "deployment_deleted" -> deployment(header, said, DeploymentState.DELETED, null, null);
            case "incident_linked" ->
                incident(
                        header,
                        said,
                        IncidentState.AMENDED,
                        null,
                        said.at("deployments").optionalTexts());
            case "incident_change_caused" ->
                incident(
                        header,
                        said,
                        IncidentState.AMENDED,
                        said.at("change_caused").optionalFlag(),
                        null);
            case "incident_reattributed" -> incident(header, said, IncidentState.AMENDED, null, null);
            case "incident_deleted" -> incident(header, said, IncidentState.DELETED, null, null);
            case "environment_classified" -> {
                String environmentClass = said.at("class").text().toUpperCase(Locale.ROOT);
                yield assigned(header, CatalogueKind.ENVIRONMENT_CLASS, said.at("environment"), environmentClass, said);
            }
            case "service_moved" ->
                assigned(
                        header,
                        CatalogueKind.SERVICE_TEAM,
                        said.at("service"),
                        said.at("team").optionalText(),
                        said);
            case "assignment_deleted" ->
                new CatalogueAssigned(
                        header,
                        CatalogueKind.valueOf(said.at("assignment").text().toUpperCase(Locale.ROOT)),
                        said.at("subject").text(),
                        null,
                        day(said),
                        revision(header),
                        true);
            default -> throw said.at("kind").wrong("is no kind of correction: " + kind);
        };
    }

    private static DeploymentObserved deployment(
            EventHeader header,
            Place said,
            DeploymentState state,
            @Nullable String remediates,
            @Nullable Boolean impact) {
        return new DeploymentObserved(
                header,
                said.at("deployment").text(),
                said.at("service").text(),
                said.at("environment").text(),
                state,
                revision(header),
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                remediates,
                null,
                null,
                impact);
    }

    private static IncidentObserved incident(
            EventHeader header,
            Place said,
            IncidentState state,
            @Nullable Boolean changeCaused,
            @Nullable List<String> deployments) {
        return new IncidentObserved(
                header,
                said.at("incident").text(),
                said.at("service").optionalText(),
                said.at("environment").optionalText(),
                state,
                revision(header),
                0,
                null,
                null,
                null,
                changeCaused,
                deployments,
                null,
                null,
                null,
                null);
    }

    private static CatalogueAssigned assigned(
            EventHeader header, CatalogueKind kind, Place subject, @Nullable String value, Place said) {
        return new CatalogueAssigned(header, kind, subject.text(), value, day(said), revision(header), false);
    }

    private static LocalDate day(Place said) {
        return LocalDate.parse(said.at("from").text());
    }

    private static long revision(EventHeader header) {
        return FIRST_REVISION + header.occurredAt().toEpochMilli();
    }
}
