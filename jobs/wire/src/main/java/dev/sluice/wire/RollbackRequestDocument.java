package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import dev.sluice.rollback.RollbackTrigger;
import org.jspecify.annotations.Nullable;

/**
 * That somebody asks for a rollback: the document of a {@link Control} of kind {@link Control#ROLLBACK_REQUEST}.
 *
 * @param service the service
 * @param environment the environment
 * @param deployment the deployment that they think runs
 * @param version the version that they want; null for the last good one
 * @param reason why
 * @param drill whether it is a rehearsal, of which is recorded how long it took
 */
public record RollbackRequestDocument(
        String service,
        String environment,
        String deployment,
        @Nullable String version,
        String reason,
        boolean drill) {
    public RollbackRequestDocument {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(deployment, "deployment");
        requireNonNull(reason, "reason");
    }

    /**
     * Reads the document of a control record.
     *
     * @throws MalformedRecordException if it is none
     */
    public static RollbackRequestDocument of(Control control) {
        return Json.read(Json.bytes(control.document()), RollbackRequestDocument.class);
    }

    /** Returns what it wants, as of the record that holds it. */
    public RollbackTrigger trigger(Control control) {
        RollbackTrigger trigger =
                RollbackTrigger.request(control.id(), control.at(), reason, control.principal(), deployment, version);
        return drill ? trigger.asDrill() : trigger;
    }
}
