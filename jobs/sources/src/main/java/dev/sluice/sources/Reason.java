package dev.sluice.sources;

/** Why a delivery gave no event. The names are stable: they are stored, counted and shown. */
public enum Reason {
    /** The body is not JSON, or is nested too deeply, or names a member twice. */
    MALFORMED_JSON,
    /** The body is of a media type that the source ought not to send. */
    UNSUPPORTED_CONTENT_TYPE,
    /** No adapter has this name. */
    UNKNOWN_SOURCE,
    /** A required field is absent. */
    MISSING_FIELD,
    /** A field holds what it may not hold. */
    WRONG_VALUE,
    /** The event does not satisfy its published schema. */
    INVALID_EVENT,
    /** The event is of a version of its specification that is not understood. */
    UNSUPPORTED_VERSION,
    /** The event says that it happened more than five minutes after it was received. */
    FUTURE_DATED,
    /** A time lies before 1970 or after 2199. */
    TIME_OUT_OF_RANGE,
    /** The sender left out alerts of a group that is larger than its limit. */
    ALERTS_TRUNCATED,
    /** The connection does not say what its documents mean. */
    MAPPING_INVALID,

    /** The sender only asked whether anybody listens. */
    PING,
    /** It is an event of a kind that Sluice does not know. */
    UNKNOWN_EVENT,
    /** It is a known event that no metric uses yet. */
    UNUSED_EVENT,
    /** The event's action is one that changes nothing that Sluice measures. */
    UNUSED_ACTION,
    /** The source names a state that Sluice does not know. */
    UNKNOWN_STATE,
    /** A branch or tag was deleted: no commit came. */
    REF_DELETED,
    /** The push brought no commit. */
    NO_COMMITS,
    /** The pipeline's run does not say that it deploys a service. */
    PIPELINE_WITHOUT_DEPLOYMENT,
    /** The change does not say of which repository it is. */
    CHANGE_WITHOUT_REPOSITORY,
    /** The connection is configured for other environments. */
    ENVIRONMENT_NOT_SELECTED,
    /** No workflow of this name and repository is configured to be a deployment. */
    WORKFLOW_NOT_CONFIGURED,
    /** A run ended without saying whether it deployed, or what it checked. */
    RUN_WITHOUT_RESULT,
    /** The job waits, and may never run. */
    RUN_NOT_BEGUN,
    /** The workflow ran on a commit of another repository. */
    RUN_OF_A_FORK,
    /** The deployment is counted by the workflow's run that made it. */
    COUNTED_BY_WORKFLOW,
    /** The issue is none of those that are incidents. */
    NOT_AN_INCIDENT,
    /** The review is not by another human than the author. */
    REVIEW_NOT_COUNTED
}
