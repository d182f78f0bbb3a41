package dev.sluice.delivery;

/** What one observation says about an incident. */
public enum IncidentState {
    /** It began, or began again. */
    DETECTED(true),
    /** Somebody looks after it; it goes on. */
    ACKNOWLEDGED(true),
    /** It is over. */
    RESOLVED(true),
    /** It was not over after all. */
    REOPENED(true),
    /** It is the same as another one, which counts instead. */
    MERGED(true),
    /** The source, or a correction, says that there was no such incident. */
    DELETED(true),
    /** Says nothing of the state: a later word, e.g. a correction, on what the incident was. */
    AMENDED(false);

    private final boolean showsIncident;

    IncidentState(boolean showsIncident) {
        this.showsIncident = showsIncident;
    }

    /** Returns whether an observation of this state shows that there is, or was, such an incident. */
    public boolean showsIncident() {
        return showsIncident;
    }
}
