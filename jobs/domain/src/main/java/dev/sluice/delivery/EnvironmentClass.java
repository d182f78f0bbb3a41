package dev.sluice.delivery;

/** What an environment is for. Several environments may be of one class; each keeps its own name. */
public enum EnvironmentClass {
    /** Its users are the service's users. */
    PRODUCTION,
    /** The last stage before them. */
    STAGING,
    /** For tests. */
    TEST,
    /** Anything else. */
    OTHER
}
