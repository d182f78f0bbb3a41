package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.util.List;

/** Reads what a kind of source answers. */
interface AnswerReader<T> {
    /**
     * Reads the body that came with status 200.
     *
     * @param body its JSON
     * @param secrets what must not be told of it
     * @throws dev.sluice.sources.Rejection if it is not what the source's documentation says
     * @throws UnusableAnswerException if it says that it is none, or not the whole one
     */
    T read(Place body, Credentials.Shown secrets);

    /**
     * Returns what a body says that came with another status; empty if nothing.
     *
     * @param body its JSON
     */
    String problem(Place body);

    /** Returns the headers in which the source says how many seconds it wants to be left alone; the first one counts. */
    default List<String> retryHeaders() {
        return List.of("Retry-After");
    }
}
