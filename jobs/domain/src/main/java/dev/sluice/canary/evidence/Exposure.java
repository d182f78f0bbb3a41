package dev.sluice.canary.evidence;

/** What the exposure of a ratio is. */
public enum Exposure {
    /** Requests: each is an event or not, so there are at most as many events. */
    REQUESTS,
    /** Time, such as pod-seconds: any number of events may fall into it. */
    TIME
}
