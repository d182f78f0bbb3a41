package dev.sluice.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Opens a gate for one artifact, whatever the policies say: to break the glass.
 *
 * @param id its id
 * @param gate which gate; null means each
 * @param service which service
 * @param environment where
 * @param version the artifact's version; null where the digest alone names it
 * @param digest of the artifact; null where the version alone names it
 * @param requester who asked for it
 * @param approver who approved it: someone else
 * @param reason why
 * @param from the moment from which it holds
 * @param expires the moment from which it is void
 */
public record GateOverride(
        String id,
        @Nullable String gate,
        String service,
        String environment,
        @Nullable String version,
        @Nullable String digest,
        String requester,
        String approver,
        String reason,
        Instant from,
        Instant expires) {
    public GateOverride {
        if (version == null && digest == null) {
            throw new IllegalArgumentException("an override must name a version or a digest");
        }
        if (requester.equals(approver)) {
            throw new IllegalArgumentException("requester and approver must differ, both are " + requester);
        }
    }

    /** Returns whether it holds at the moment: from its beginning on, and no longer when it expires. */
    public boolean holds(Instant now) {
        return !now.isBefore(from) && now.isBefore(expires);
    }

    /** Returns whether it is about what is asked: whatever it names of the artifact must be said of that too. */
    public boolean matches(EvaluationInput input) {
        return (gate == null || gate.equals(input.gate()))
                && service.equals(input.service())
                && environment.equals(input.environment())
                && (version == null || version.equals(input.artifact().version()))
                && (digest == null || digest.equals(input.artifact().digest()));
    }
}
