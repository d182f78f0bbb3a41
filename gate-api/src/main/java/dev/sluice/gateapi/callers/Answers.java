package dev.sluice.gateapi.callers;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers of protocols that have a word of their own for what is a problem elsewhere. */
public final class Answers {
    private Answers() {}

    /**
     * Answers a request with what comes of it, or with what the protocol says of the problem that ended it. A defect stays one.
     *
     * @param ctx the request
     * @param work handles it
     * @param problem says what is answered of a problem
     * @param write writes the answer
     */
    public static <T> void of(
            Context ctx,
            Supplier<CompletableFuture<T>> work,
            Function<ApiException, T> problem,
            BiConsumer<Context, T> write) {
        CompletableFuture<T> answer;
        try {
            answer = work.get();
        } catch (ApiException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Void> done = answer.exceptionally(thrown -> problem.apply(problemIn(thrown)))
                .thenAccept(given -> write.accept(ctx, given));
        ctx.future(() -> done);
    }

    /**
     * Returns normally if a problem is none of who may do what: that is said as everywhere else.
     *
     * @throws ApiException the problem, if it is
     */
    public static void requireLetIn(ApiException problem) {
        if (problem.type() == ErrorType.FORBIDDEN) {
            throw problem;
        }
    }

    private static ApiException problemIn(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof ApiException problem && problem.type() != ErrorType.INTERNAL) {
            return problem;
        }
        throw new CompletionException(cause);
    }
}
