package dev.sluice.canary;

import java.util.Locale;

/** How a run, or one of its metrics, stands; as Argo Rollouts names it. */
public enum CanaryState {
    /** Nothing has been counted yet. */
    PENDING,
    /** Data come in, and nothing is decided. */
    RUNNING,
    /** It is proven that the canary is not beyond any margin. */
    SUCCESSFUL,
    /** It is proven that the canary is beyond a tolerance. */
    FAILED,
    /** The time, or the data, ended before anything was proven. */
    INCONCLUSIVE,
    /** It could not be measured. */
    ERROR;

    /** Returns the state as answers spell it, e.g. {@code Successful}. */
    public String label() {
        return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
