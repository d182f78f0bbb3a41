package dev.sluice.streams;

import dev.sluice.wire.RecordHeaders;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;

/**
 * When an attempt of the job began, as one operator knows it. A restart never publishes the past: what an operator has to
 * say waits until the watermark (progress) has passed this moment.
 */
public final class AttemptStart {
    private final long startedAt;
    private final long generation;
    private final ListState<Long> generations;

    private AttemptStart(long startedAt, long generation, ListState<Long> generations) {
        this.startedAt = startedAt;
        this.generation = generation;
        this.generations = generations;
    }

    /**
     * Notes the start. The generation is that moment, but never at or before that of an earlier attempt.
     *
     * @param context of the operator's initialization
     * @param startedAt the wall clock, ms since the epoch
     */
    public static AttemptStart at(long startedAt, FunctionInitializationContext context) throws Exception {
        ListState<Long> generations =
                context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("generations", Types.LONG));
        long generation = startedAt;
        for (long earlier : generations.get()) {
            generation = Math.max(generation, earlier + 1);
        }
        return new AttemptStart(startedAt, generation, generations);
    }

    /** Keeps the generation for the attempts to come. */
    public void snapshot() throws Exception {
        generations.update(List.of(generation));
    }

    /** Returns the moment, ms since the epoch. */
    public long millis() {
        return startedAt;
    }

    /** Returns whether an operator may publish at a watermark. */
    public boolean isPassedBy(long watermark) {
        return watermark >= startedAt;
    }

    /** Returns the headers of what this attempt publishes. */
    public Map<String, String> headers() {
        return Map.of(RecordHeaders.GENERATION, Long.toString(generation));
    }
}
