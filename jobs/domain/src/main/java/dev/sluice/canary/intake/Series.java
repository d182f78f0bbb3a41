package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

/**
 * What tells points of an arm from each other.
 *
 * @param labels the labels as a text; empty for the only series of an arm
 * @param pod which pod it is of; empty where that is not known
 * @param target which target of the pod says it, where a pod has several that are read at their own times; else empty
 * @param replica which of several senders of the same series sent it; empty for the only one
 * @param segment which segment of the metric it is of; empty where the metric has none
 */
public record Series(String labels, String pod, String target, String replica, String segment) {
    public Series {
        requireNonNull(labels, "labels");
        requireNonNull(pod, "pod");
        requireNonNull(target, "target");
        requireNonNull(replica, "replica");
        requireNonNull(segment, "segment");
    }

    /** A series of a metric without segments. */
    public Series(String labels, String pod, String target, String replica) {
        this(labels, pod, target, replica, "");
    }

    /** Returns the histogram that a counter of one of its bounds is of. */
    Series ofHistogram() {
        return new Series(labels + ",le", pod, target, replica, segment);
    }

    /** Returns a series of which only the labels are known. */
    public static Series of(String labels) {
        return new Series(labels, "", "", "");
    }
}
