package dev.sluice.dorajob.state;

import dev.sluice.dora.CheckWord;
import java.time.Instant;

/** A {@link CheckWord}, flat. */
public record CheckWordState(long revision, boolean deleted, Instant at, String eventId, String resource) {

    /** Returns the flat form. */
    public static CheckWordState of(CheckWord word) {
        return new CheckWordState(word.revision(), word.deleted(), word.at(), word.eventId(), word.resource());
    }

    /** Returns the domain's form. */
    public CheckWord toDomain() {
        return new CheckWord(revision, deleted, at, eventId, resource);
    }
}
