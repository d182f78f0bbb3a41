package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what clients answer, longer than any of them may take. */
final class Waiting {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Waiting() {}

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Returns how it has failed, as those see it who depend on it. */
    static SourceUnavailableException failure(CompletableFuture<?> future) {
        Throwable failure = get(future.handle((value, thrown) -> {
            if (thrown == null) {
                throw new AssertionError("there is an answer: " + value);
            }
            return thrown;
        }));
        assertThat(failure)
                .isExactlyInstanceOf(SourceUnavailableException.class)
                .hasNoCause();
        return (SourceUnavailableException) failure;
    }
}
