package dev.sluice.ingestjob;

import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** What a harness of two inputs does not tell. */
final class KeyedState {
    private KeyedState() {}

    /** Returns how many values the operator holds in keyed state. */
    static int entries(KeyedBroadcastOperatorTestHarness<?, ?, ?, ?> harness) {
        var operator = (AbstractStreamOperator<?>) harness.getTwoInputOperator();
        return ((HeapKeyedStateBackend<?>) operator.getKeyedStateBackend()).numKeyValueStateEntries();
    }
}
