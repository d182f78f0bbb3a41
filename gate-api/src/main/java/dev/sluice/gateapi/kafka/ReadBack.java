package dev.sluice.gateapi.kafka;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Who waits until this replica has read a record that it wrote. One thread reads, any wait. */
public final class ReadBack {
    private final Map<TopicPartition, Long> readTo = new HashMap<>();
    private final List<Awaited> awaited = new ArrayList<>();

    /** Returns when the record at a place has been read, or one after it. */
    public synchronized CompletableFuture<Void> of(TopicPartition partition, long offset) {
        awaited.removeIf(given -> given.read().isDone());
        var read = new CompletableFuture<Void>();
        if (readTo.getOrDefault(partition, -1L) >= offset) {
            read.complete(null);
        } else {
            awaited.add(new Awaited(partition, offset, read));
        }
        return read;
    }

    /** Returns the offset of the newest record that was read of a partition; -1 before the first. */
    public synchronized long position(TopicPartition partition) {
        return readTo.getOrDefault(partition, -1L);
    }

    /** The partition has been read up to this record. */
    public void readTo(TopicPartition partition, long offset) {
        List<Awaited> reached;
        synchronized (this) {
            readTo.put(partition, offset);
            reached = awaited.stream()
                    .filter(one -> one.partition().equals(partition) && one.offset() <= offset)
                    .toList();
            awaited.removeAll(reached);
        }
        reached.forEach(one -> one.read().complete(null));
    }

    /** The partition is read anew. */
    public synchronized void lost(TopicPartition partition) {
        readTo.remove(partition);
    }

    private record Awaited(TopicPartition partition, long offset, CompletableFuture<Void> read) {}
}
