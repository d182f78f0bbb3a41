package dev.sluice.cli.judge;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryVerdict;
import java.time.Instant;
import java.util.List;

/**
 * What came of two files.
 *
 * @param config what they were judged by
 * @param verdict the verdict
 * @param notes what one must know of the files
 */
public record Judgement(CanaryConfig config, CanaryVerdict verdict, List<String> notes) {
    public Judgement {
        notes = List.copyOf(notes);
    }

    /** The verdict of a run that has ended. */
    public enum Outcome {
        /** The canary is good enough. */
        SUCCESSFUL,
        /** The canary is too bad. */
        FAILED,
        /** Neither is proven. */
        INCONCLUSIVE,
        /** It could not be measured. */
        ERROR
    }

    /** Returns the verdict. */
    public Outcome outcome() {
        return switch (verdict.state()) {
            case SUCCESSFUL -> Outcome.SUCCESSFUL;
            case FAILED -> Outcome.FAILED;
            case INCONCLUSIVE, PENDING, RUNNING -> Outcome.INCONCLUSIVE;
            case ERROR -> Outcome.ERROR;
        };
    }

    /** Returns the verdict as it is spelled. */
    public String label() {
        return verdict.state().label();
    }

    /** Returns until when data were looked at. */
    public Instant at() {
        return verdict.at();
    }
}
