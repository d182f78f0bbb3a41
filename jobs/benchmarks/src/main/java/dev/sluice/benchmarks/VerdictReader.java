package dev.sluice.benchmarks;

import dev.sluice.wire.Json;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Reads verdicts as they come. */
final class VerdictReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<String, byte[]> consumer;

    /** Begins at the first verdict there is. */
    VerdictReader(KafkaTopics topics) {
        consumer = topics.reader(List.of(Topic.VERDICTS.topicName()));
    }

    /** Waits until there is a verdict on so many runs. */
    void awaitRuns(int runs, Duration limit) {
        var waiting = new Deadline("a verdict on each of " + runs + " runs", limit);
        Set<String> known = new HashSet<>();
        while (known.size() < runs) {
            waiting.pause();
            poll().forEach(record -> known.add(record.key()));
        }
    }

    /**
     * Notes verdicts until all have been seen that are waited for.
     *
     * @param times where they are noted
     * @param beginNanos when the schedule began, by {@link System#nanoTime}
     * @param limit until when at most, in nanoseconds of the schedule
     * @return how many buckets of runs have no verdict by then
     * @throws IllegalStateException if points were late: then not all that was sent was judged
     */
    long read(VerdictTimes times, long beginNanos, long limit) {
        while (!times.isComplete()) {
            if (System.nanoTime() - beginNanos > limit) {
                return times.giveUp(limit);
            }
            List<ConsumerRecord<String, byte[]>> records = poll();
            long at = System.nanoTime() - beginNanos;
            for (ConsumerRecord<String, byte[]> record : records) {
                Standing standing = Json.read(record.value(), Standing.class);
                if (standing.late() > 0) {
                    throw new IllegalStateException(record.key() + ": " + standing.late() + " points were late");
                }
                times.seen(LiveRuns.number(record.key()), standing.buckets(), at);
            }
        }
        return 0;
    }

    private List<ConsumerRecord<String, byte[]>> poll() {
        List<ConsumerRecord<String, byte[]>> verdicts = new ArrayList<>();
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            if (record.headers().lastHeader(RecordHeaders.HEARTBEAT) == null) {
                verdicts.add(record);
            }
        }
        return verdicts;
    }

    @Override
    public void close() {
        consumer.close();
    }

    /** What matters here of a {@link dev.sluice.wire.CanaryStanding}. */
    private record Standing(long buckets, long late) {}
}
