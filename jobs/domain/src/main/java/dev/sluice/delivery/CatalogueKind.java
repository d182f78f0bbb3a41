package dev.sluice.delivery;

/** What belongs to what in the catalogue. */
public enum CatalogueKind {
    /** A service to a team. */
    SERVICE_TEAM,
    /** A team to a group. */
    TEAM_GROUP,
    /** An environment to a class, see {@link EnvironmentClass}. */
    ENVIRONMENT_CLASS
}
