package dev.sluice.standalone;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Topic;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes everything anew that is made from events, from the archive of them in ClickHouse: into a Kafka that has none, for
 * jobs that begin from the beginning. The same events amount to the same rows.
 */
final class Rebuild {
    private Rebuild() {}

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
