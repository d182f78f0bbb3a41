package dev.sluice.dorajob;

import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.streams.OutRecord;
import java.util.ArrayDeque;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Stage delivery: lets a watermark pass only when every key that was touched before it has been published. Behind this
 * operator a watermark therefore says what progress says: everything that was received before it is in the rows. Those
 * from before the start of the attempt say nothing, since nothing is published then; they end here.
 */
final class DeliveryOperator extends KeyedProcessOperator<String, DeliveryInput, OutRecord> {
    private final DeliveryFunction function;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    DeliveryOperator(DeliveryFunction function) {
        super(function);
        this.function = function;
    }

    /** A watermark and how many touches preceded it. */
    private record Held(Watermark mark, long touches) {}

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        if (getTimeServiceManager().isPresent()) {
            getTimeServiceManager().get().advanceWatermark(mark);
        }
        if (function.isPublishing(mark.getTimestamp())) {
            held.add(new Held(mark, function.touches()));
            release();
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        super.onProcessingTime(timer);
        release();
    }

    private void release() {
        while (!held.isEmpty() && function.isPublishedUpTo(held.peek().touches())) {
            output.emitWatermark(held.remove().mark());
        }
    }
}
