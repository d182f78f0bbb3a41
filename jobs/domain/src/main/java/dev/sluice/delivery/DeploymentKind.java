package dev.sluice.delivery;

/** What a successful deployment did to the (service, environment), judged from earlier deployments only. */
public enum DeploymentKind {
    /** Brought commits that had not been deployed there before. */
    FORWARD,
    /** Went back to a version that had run there before and is not the current one. */
    ROLLBACK,
    /** Deployed the version that was already running. */
    REDEPLOY,
    /** Brought a new version without new commits. */
    CONFIG;

    /** Returns whether the deployment changes what runs: it is counted by deployment frequency. */
    public boolean isChange() {
        return this == FORWARD || this == CONFIG;
    }
}
