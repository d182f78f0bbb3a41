package dev.sluice.store;

import java.util.EnumSet;
import java.util.Set;

/** The tables that rows are written to. */
public enum Table {
    /** Deployment attempts with their judgement. */
    DEPLOYMENTS("deployments"),
    /** Commits as first deployed, with their judgement. */
    CHANGES("changes"),
    /** Incidents, and which deployments they make failed ones. */
    INCIDENTS("incidents"),
    /** Pull requests as first deployed, with their judgement. */
    PULL_REQUESTS("pull_requests"),
    /** Times during which what ran was not what was declared. */
    DRIFT_EPISODES("drift_episodes"),
    /** Lasting changes of metrics. */
    SHIFTS("shifts"),
    /** What is set for services. */
    SERVICE_SETTINGS("service_settings"),
    /** Which team, group and class things belong to, each from a day on. */
    ASSIGNMENTS("assignments"),
    /** What bounds a median and a count of so many values, see {@link IntervalBounds}. */
    INTERVAL_BOUNDS("interval_bounds"),
    /** Rolling windows. */
    DORA_WINDOWS("dora_windows"),
    /** Weeks, months and quarters. */
    PERIODS("periods"),
    /** What runs where. */
    CURRENT("current"),
    /** Deliveries as they came. */
    DELIVERIES("deliveries"),
    /** Normalised events. */
    EVENTS("events"),
    /** Deliveries that gave no event. */
    DEAD_LETTERS("dead_letters"),
    /** The audit log of decisions. */
    DECISIONS("decisions"),
    /** Who was first to have something of which there is one, by the audit log. */
    CLAIMS("claims"),
    /** Who has set up what, by the audit log. */
    CONTROL_CHANGES("control_changes"),
    /** Orders to roll back, as they stood last. */
    ROLLBACKS("rollbacks"),
    /** What came of sending orders to roll back. */
    ROLLBACK_ATTEMPTS("rollback_attempts"),
    /** Buckets of canary runs as they were judged. */
    CANARY_BUCKETS("canary_buckets"),
    /** Canary runs as they stood last. */
    CANARY_RUNS("canary_runs"),
    /** How the evidence of each metric of canary runs came about. */
    CANARY_EVIDENCE("canary_evidence"),
    /** How far each job has come. */
    JOB_PROGRESS("job_progress"),
    /** How far the writers of these tables have come. */
    STORE_PROGRESS("store_progress"),
    /** The first offset of each topic partition that is not stored yet. */
    STORE_OFFSETS("store_offsets"),
    /** Records that could not be made into rows. */
    UNREADABLE("unreadable");

    /** Those that jobs fill from the topic of events, and how far they have come: what a rebuild makes anew. */
    static final Set<Table> MADE_FROM_EVENTS = EnumSet.of(
            DEPLOYMENTS,
            CHANGES,
            INCIDENTS,
            PULL_REQUESTS,
            DRIFT_EPISODES,
            SHIFTS,
            SERVICE_SETTINGS,
            ASSIGNMENTS,
            DORA_WINDOWS,
            PERIODS,
            CURRENT,
            JOB_PROGRESS,
            STORE_PROGRESS,
            STORE_OFFSETS);

    private final String qualifiedName;

    Table(String name) {
        this.qualifiedName = "sluice." + name;
    }

    /** Returns the name with its database. */
    public String qualifiedName() {
        return qualifiedName;
    }
}
