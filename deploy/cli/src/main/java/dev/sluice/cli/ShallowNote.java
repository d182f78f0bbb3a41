package dev.sluice.cli;

import java.util.List;

/** What is told about a clone that does not have the whole history. */
final class ShallowNote {
    private static final int NAMED = 3;
    private static final int SHORT = 12;

    private ShallowNote() {}

    /** Says which commits end the history that was read; nothing where none does. */
    static void print(Console console, GitCheckout.Reading reading) {
        List<String> edge = reading.edge();
        if (edge.isEmpty()) {
            return;
        }
        String named = String.join(
                ", ",
                edge.stream()
                        .limit(NAMED)
                        .map(sha -> sha.substring(0, Math.min(SHORT, sha.length())))
                        .toList());
        console.progress(
                "sluice: the clone is shallow: the parents of %d of the commits (%s%s) are not in it, so what was"
                                .formatted(edge.size(), named, edge.size() > NAMED ? ", …" : "")
                        + " before them is missing. `git fetch --unshallow` brings it; in CI, fetch the whole history"
                        + " (fetch-depth: 0). Sluice completes the numbers when the missing commits arrive.");
    }
}
