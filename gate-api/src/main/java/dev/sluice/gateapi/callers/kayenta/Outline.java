package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.kayenta.Execution.State;
import dev.sluice.wire.Control;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What judgements are chosen by, as they stand at a time.
 *
 * @param application whose canary it is
 * @param state how it stands
 * @param startedAt when it was asked for
 * @param endedAt when it was done; null before
 */
record Outline(
        String application,
        State state,
        Instant startedAt,
        @Nullable Instant endedAt) {
    /**
     * Reads it of a record of the log, and nothing else.
     *
     * @throws IllegalStateException if it cannot be read
     */
    static Outline of(Control control, Instant now) {
        JsonNode document = control.document();
        try {
            var outline = new Outline(
                    document.path("application").asText(),
                    State.valueOf(document.path("state").asText()),
                    Instant.parse(document.path("started_at").asText()),
                    document.hasNonNull("ended_at")
                            ? Instant.parse(document.path("ended_at").asText())
                            : null);
            return outline.at(now);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalStateException("the log has an execution that cannot be read: " + control.id(), e);
        }
    }

    private Outline at(Instant now) {
        Instant lost = startedAt.plus(Execution.LOST);
        return state == State.RUNNING && now.isAfter(lost)
                ? new Outline(application, State.TERMINAL, startedAt, lost)
                : this;
    }
}
