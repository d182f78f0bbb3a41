package dev.sluice.gateapi.callers.flagger;

import dev.sluice.gateapi.canary.StandingRun;

/**
 * An answer to a webhook of Flagger: yes up to status 202, no above it. A no is a 4xx, whose text Flagger shows in its events; it
 * drops that of a 5xx and of 429.
 *
 * @param status HTTP status
 * @param text one sentence
 */
record FlaggerAnswer(int status, String text) {
    /** 204 would be a no. */
    private static final int YES = 200;

    private static final int FORBIDDEN = 403;
    private static final int NOT_YET = 409;
    private static final int IMPOSSIBLE = 412;
    /** Kubernetes takes events of 1,024 bytes, in which Flagger has words of its own. */
    private static final int LONGEST_TEXT = 300;

    FlaggerAnswer {
        text = text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }

    static FlaggerAnswer yes(String text) {
        return new FlaggerAnswer(YES, text);
    }

    /** The run has failed. */
    static FlaggerAnswer forbidden(StandingRun run) {
        return new FlaggerAnswer(FORBIDDEN, run.state().label() + ": " + run.reason());
    }

    /** The run stands otherwise than it would have to. */
    static FlaggerAnswer notYet(String what, StandingRun run) {
        return new FlaggerAnswer(NOT_YET, what + "; " + run.state().label() + ": " + run.reason());
    }

    /** There is nothing that could be a yes. */
    static FlaggerAnswer impossible(String text) {
        return new FlaggerAnswer(IMPOSSIBLE, text);
    }

    boolean isYes() {
        return status == YES;
    }
}
