package dev.sluice.standalone;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes everything anew that is made from events, from the archive of them in ClickHouse: into a Kafka that has none, for
 * jobs that begin from the beginning. The same events amount to the same rows. From the moment at which something is moved
 * until all events are played, a file in the data directory says so: who starts then must end the rebuild first.
 */
final class Rebuild {
    /** The option by which events may be lost that ClickHouse does not have. */
    static final String ACCEPT_LOSS = "--accept-loss";

    private static final String MARK = "rebuild.begun";
    private static final String MOVING = "moving";
    private static final String PLAYING = "playing";
    /** The Kafka, whose it is, and what only means something with it. */
    private static final List<String> MADE_ANEW = List.of("kafka", "kafka.id", "checkpoints");

    private static final Duration POLL = Duration.ofMillis(200);

    private final DataDirectory data;

    Rebuild(DataDirectory data) {
        this.data = data;
    }

    /** Returns whether one has begun and not ended. */
    boolean hasBegun() {
        return data.text(MARK) != null;
    }

    /**
     * Requires that none has begun and not ended.
     *
     * @throws StartException if one has
     */
    void requireEnded() {
        if (hasBegun()) {
            throw new StartException(
                    "a rebuild of %s has begun and not ended: Kafka has some of the events only. End it with `deploy/sluice rebuild` and the same options."
                            .formatted(data.path()));
        }
    }

    /**
     * Moves away what is made anew; what was moved away by an earlier rebuild is deleted. After one that has not ended, what
     * it had made is deleted instead, and what it had moved stays.
     */
    void setAside() {
        if (PLAYING.equals(data.text(MARK))) {
            MADE_ANEW.forEach(data::delete);
            return;
        }
        data.write(MARK, MOVING);
        MADE_ANEW.forEach(data::setAside);
        data.write(MARK, PLAYING);
    }

    /** Notes that all events are played. */
    void end() {
        data.delete(MARK);
    }

    /**
     * Requires that ClickHouse has all events of a Kafka.
     *
     * @param clickHouse where the archive is
     * @param kafka bootstrap servers
     * @throws StartException if it has not said so of some of them
     */
    static void requireArchived(ClickHouseSettings clickHouse, String kafka) {
        long missing;
        try (Store store = Store.of(clickHouse)) {
            missing = eventsFrom(store.events().nextOffsets(), kafka);
        } catch (KafkaException e) {
            throw new StartException(
                    "nothing tells whether ClickHouse has all events of the Kafka that a rebuild sets aside: %s. %s goes on without knowing."
                            .formatted(e.getMessage(), ACCEPT_LOSS),
                    e);
        }
        if (missing > 0) {
            throw new StartException(
                    "ClickHouse has not stored the last %d events of Kafka, which a rebuild would lose. Start Sluice with `deploy/sluice up` until it has stored them, then rebuild; or lose them: %s."
                            .formatted(missing, ACCEPT_LOSS));
        }
    }

    /** Counts the events, without heartbeats, that stand from certain offsets on. */
    private static long eventsFrom(Map<Integer, Long> offsets, String kafka) {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topic.EVENTS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.min(end, offsets.getOrDefault(partition.partition(), 0L))));
            long events = 0;
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.headers().lastHeader(RecordHeaders.HEARTBEAT) == null) {
                        events++;
                    }
                }
            }
            return events;
        }
    }

    /**
     * Empties the rows and plays the events.
     *
     * @param clickHouse where the archive is
     * @param kafka bootstrap servers of a Kafka whose topic of events is empty
     * @return how many events there were
     * @throws StartException if Kafka does not take them
     */
    static long run(ClickHouseSettings clickHouse, String kafka) {
        var failure = new AtomicReference<@Nullable Exception>();
        try (Store store = Store.of(clickHouse);
                var producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka, "acks", "all", "linger.ms", "5"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            store.events().emptyRows();
            long events = store.events().forEach(event -> {
                String key = EventCodec.key(EventCodec.decode(event));
                var unused =
                        producer.send(new ProducerRecord<>(Topic.EVENTS.topicName(), key, event), (sent, problem) -> {
                            if (problem != null) {
                                failure.compareAndSet(null, problem);
                            }
                        });
            });
            producer.flush();
            Exception problem = failure.get();
            if (problem != null) {
                throw new StartException("Kafka at %s has not taken all events: %s".formatted(kafka, problem), problem);
            }
            return events;
        }
    }
}
