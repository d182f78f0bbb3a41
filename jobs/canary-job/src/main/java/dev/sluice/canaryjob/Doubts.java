package dev.sluice.canaryjob;

/** Why a run does not pass although its evidence would do: something of its data is not there, or not to be believed. */
final class Doubts {
    /** So many are told. */
    static final int MOST = 20;

    private Doubts() {}

    static String late(long points) {
        return points + (points == 1 ? " point" : " points")
                + " of this stage came too late to be judged: what they say may be other than what was proven";
    }

    static String missed(String metric, String target) {
        return metric + ": " + target + " began anew, and what its counters had before came too late to be judged";
    }

    static String unsteady(String metric, String target) {
        return metric + ": the counters of " + target
                + " fall again and again: two senders are of one name, or its process lives no longer than from one reading to the"
                + " next";
    }

    static String unheard(String metric) {
        return metric
                + ": no series of its events has come, of neither arm; if the first one comes with the first event only, its"
                + " series say so (\"events_may_be_absent\": true)";
    }
}
