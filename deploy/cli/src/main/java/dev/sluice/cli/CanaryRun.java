package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A canary run as the API shows it.
 *
 * @param document the document
 */
record CanaryRun(JsonNode document) {
    CanaryRun {
        if (!document.path("id").isTextual() || !document.path("state").isTextual()) {
            throw new CommandFailedException("what was answered is no canary run: is it a Sluice of this release?");
        }
    }

    String id() {
        return text("id");
    }

    /** Returns a field that is a text, as a terminal may be shown it; empty where it is absent. */
    String text(String field) {
        return Printable.of(document.path(field));
    }

    String state() {
        return text("state");
    }

    /** Returns whether there is a verdict. A state that is not known can only be of a later release, and is one. */
    boolean isDecided() {
        return switch (state()) {
            case "Pending", "Running" -> false;
            default -> true;
        };
    }

    /** Returns whether somebody has said that the rollout has ended. */
    boolean isEnded() {
        return document.path("ended_at").isTextual();
    }

    /** Returns whether nothing will follow: the rollout has ended, or the run's horizon. */
    boolean isOver() {
        return isEnded() || document.path("closed").asBoolean();
    }

    /** Returns the number of the stage, the first being 1. */
    int stage() {
        return document.path("stages").size() + 1;
    }

    /** Returns when the stage began. */
    String stageBegan() {
        return stage() == 1
                ? text("started_at")
                : Printable.of(document.path("stages").path(stage() - 2));
    }

    /** Returns texts, each as a terminal may be shown it. */
    Stream<String> texts(String field) {
        return StreamSupport.stream(document.path(field).spliterator(), false).map(Printable::of);
    }

    Stream<JsonNode> metrics() {
        return StreamSupport.stream(document.path("metrics").spliterator(), false);
    }

    /** Returns the exit status of a command that has waited for the verdict. */
    int exitStatus() {
        return switch (state()) {
            case "Successful" -> ExitStatus.OK;
            case "Failed" -> ExitStatus.NO_GO;
            case "Inconclusive", "Pending", "Running" -> ExitStatus.NOT_YET;
            default -> ExitStatus.FAILED;
        };
    }

    /** Returns the colour of a state, of a run or of a metric; null while it is open. */
    static @Nullable String colour(String state) {
        return switch (state) {
            case "Successful" -> "green";
            case "Failed", "Error" -> "red";
            case "Inconclusive" -> "yellow";
            default -> null;
        };
    }
}
