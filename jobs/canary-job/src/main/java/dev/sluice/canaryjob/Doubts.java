package dev.sluice.canaryjob;

import java.time.Instant;

/** Why a run does not pass although its evidence would do: something of its data is not there, or not to be believed. */
final class Doubts {
    /** There are others. */
    static final String OTHERS = "and other doubts";
    /** A bucket has more than can be kept. */
    static final String TOO_LARGE = "a bucket has more numbers than can be kept: its histograms have too many bounds";
    /** Nothing is judged yet. */
    static final String NO_HISTORY_YET = "what was before the run is still being asked for: nothing is judged yet";
    /** Nothing is judged yet. */
    static final String NOT_LEARNED_YET = "what was learned before the run is not at hand yet: nothing is judged yet";
    /** So many are told. */
    static final int MOST = 20;

    private Doubts() {}

    static String late(long points) {
        return points + (points == 1 ? " point" : " points")
                + " of this stage came too late to be judged: what they say may be other than what was proven";
    }

    static String lost(String metric, String target) {
        return metric + ": " + target + " began anew, and what its counters had before came too late to be judged";
    }

    static String missed(String metric, String target) {
        return metric + ": the last of " + target + " came too late to be judged, and nothing of later has come";
    }

    static String unasked(long from, long to) {
        return "the source could not be asked for the time from " + Instant.ofEpochMilli(from) + " to "
                + Instant.ofEpochMilli(to);
    }

    static String unsteady(String metric, String target) {
        return metric + ": the counters of " + target
                + " cannot be believed: they fall again and again, or their readings are not whole, as where two senders are of"
                + " one name";
    }

    static String unheard(String metric) {
        return metric
                + ": no series of its events has come, of neither arm; if the first one comes with the first event only, its"
                + " series say so (\"events_may_be_absent\": true)";
    }
}
