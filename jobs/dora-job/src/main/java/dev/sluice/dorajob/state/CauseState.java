package dev.sluice.dorajob.state;

import dev.sluice.dora.FailureTables;

/** A {@link FailureTables.Cause}, flat. */
public record CauseState(String deploymentId, boolean here) {

    /** Returns the flat form. */
    public static CauseState of(FailureTables.Cause cause) {
        return new CauseState(cause.deploymentId(), cause.here());
    }

    /** Returns the domain's form. */
    public FailureTables.Cause toDomain() {
        return new FailureTables.Cause(deploymentId, here);
    }
}
