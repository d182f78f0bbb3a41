package dev.sluice.sources.metrics.pull;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Several answers as one. */
final class Answers {
    private Answers() {}

    /** Returns what all answers have, in their order; fails as the first of them that does, when all are there. */
    static <T> CompletableFuture<List<T>> joined(List<CompletableFuture<List<T>>> answers) {
        return OutgoingRequests.bare(CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> answers.stream()
                        .flatMap(answer -> answer.join().stream())
                        .toList()));
    }
}
