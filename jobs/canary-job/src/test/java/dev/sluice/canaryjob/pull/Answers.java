package dev.sluice.canaryjob.pull;

import dev.sluice.canaryjob.state.CanaryInput;
import java.util.Collection;
import org.apache.flink.streaming.api.functions.async.CollectionSupplier;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.jspecify.annotations.Nullable;

/** Keeps what an asynchronous function has answered. */
final class Answers implements ResultFuture<CanaryInput> {
    private @Nullable Collection<CanaryInput> inputs;

    /** Returns the answer; null before there is one. */
    @Nullable
    Collection<CanaryInput> inputs() {
        return inputs;
    }

    @Override
    public void complete(Collection<CanaryInput> result) {
        inputs = result;
    }

    @Override
    public void completeExceptionally(Throwable error) {
        throw new AssertionError(error);
    }

    @Override
    public void complete(CollectionSupplier<CanaryInput> supplier) {
        try {
            inputs = supplier.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
