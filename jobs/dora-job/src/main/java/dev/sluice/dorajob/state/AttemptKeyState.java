package dev.sluice.dorajob.state;

import dev.sluice.dora.AttemptKey;
import java.time.Instant;

/** An {@link AttemptKey}, flat. */
public record AttemptKeyState(Instant finishedAt, String id) {

    /** Returns the flat form. */
    public static AttemptKeyState of(AttemptKey key) {
        return new AttemptKeyState(key.finishedAt(), key.id());
    }

    /** Returns the domain's form. */
    public AttemptKey toDomain() {
        return new AttemptKey(finishedAt, id);
    }
}
