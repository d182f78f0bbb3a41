package dev.sluice.ingestjob;

import dev.sluice.ingestjob.state.FirstDelivery;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.sources.registry.Sources;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.DeadLetter.Disposition;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Keyed by the raw record's key: (tenant, connection, delivery key). Every delivery has exactly one outcome: its events,
 * or a record that says why there are none.
 *
 * <p>The first copy of a delivery decides; a later one is a DUPLICATE. The memory of a copy lasts {@link #MEMORY}, the
 * retention of the raw topic, in progress time; after that a repetition gives the same events with the same ids again.
 */
final class IngestFunction extends KeyedProcessFunction<String, InRecord, OutRecord> {
    /** How long a delivery's first copy is remembered. */
    static final Duration MEMORY = Duration.ofDays(7);

    private final HashMap<String, ConnectionMapping> mappings;
    private transient SourceAdapter sources;
    private transient ValueState<FirstDelivery> first;
    private transient Counter events;
    private transient Counter deadLetters;
    private transient Counter ignored;
    private transient Counter duplicates;

    /**
     * Creates the function.
     *
     * @param mappings how the names of a connection's source become Sluice's, by connection
     */
    IngestFunction(Map<String, ConnectionMapping> mappings) {
        this.mappings = new HashMap<>(mappings);
    }

    @Override
    public void open(OpenContext openContext) {
        sources = Sources.of(mappings);
        first = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("first", TypeInformation.of(FirstDelivery.class)));
        var metrics = getRuntimeContext().getMetricGroup();
        events = metrics.counter("events");
        deadLetters = metrics.counter("deadLetters");
        ignored = metrics.counter("ignored");
        duplicates = metrics.counter("duplicates");
    }

    @Override
    public void processElement(InRecord record, Context context, Collector<OutRecord> out) throws Exception {
        String id = RawDelivery.deliveryId(record.partition(), record.offset());
        Instant receivedAt = Instant.ofEpochMilli(record.timestamp());
        RawDelivery raw;
        try {
            raw = RawDelivery.of(record::header, record.value());
        } catch (IllegalArgumentException e) {
            deadLetters.inc();
            out.collect(unreadable(id, receivedAt, String.valueOf(e.getMessage())));
            return;
        }
        var place = new FirstDelivery(record.partition(), record.offset());
        FirstDelivery known = first.value();
        if (known != null && !known.equals(place)) {
            duplicates.inc();
            String original = RawDelivery.deliveryId(known.partition(), known.offset());
            out.collect(letter(
                    raw,
                    id,
                    receivedAt,
                    Disposition.DUPLICATE,
                    "DUPLICATE",
                    "the same delivery came as " + original,
                    null));
            return;
        }
        if (known == null) {
            first.update(place);
            context.timerService()
                    .registerEventTimeTimer(receivedAt.plus(MEMORY).toEpochMilli());
        }
        for (OutRecord outcome : adapt(raw, id, receivedAt)) {
            out.collect(outcome);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) {
        first.clear();
    }

    private List<OutRecord> adapt(RawDelivery raw, String id, Instant receivedAt) {
        return sources.adapt(Delivery.of(raw, id, receivedAt)).accept(new Outcome.Visitor<List<OutRecord>>() {
            @Override
            public List<OutRecord> events(Outcome.Events outcome) {
                var records = new ArrayList<OutRecord>();
                outcome.events()
                        .forEach(event -> records.add(new OutRecord(
                                Topic.EVENTS.topicName(),
                                OutRecord.BY_KEY,
                                EventCodec.key(event),
                                EventCodec.encode(event, outcome.note()),
                                Map.of())));
                events.inc(records.size());
                outcome.skipped().forEach(part -> records.add(deadLetter(part)));
                return records;
            }

            @Override
            public List<OutRecord> ignored(Outcome.Ignored outcome) {
                ignored.inc();
                return List.of(letter(
                        raw,
                        id,
                        receivedAt,
                        Disposition.IGNORED,
                        outcome.reason().name(),
                        outcome.detail(),
                        null));
            }

            @Override
            public List<OutRecord> malformed(Outcome.Malformed outcome) {
                return List.of(deadLetter(outcome));
            }

            private OutRecord deadLetter(Outcome.Malformed outcome) {
                deadLetters.inc();
                return letter(
                        raw,
                        id,
                        receivedAt,
                        Disposition.DEAD_LETTER,
                        outcome.reason().name(),
                        outcome.detail(),
                        outcome.pointer());
            }
        });
    }

    private static OutRecord unreadable(String id, Instant receivedAt, String detail) {
        return record(new DeadLetter(
                "", Disposition.DEAD_LETTER, "", "", id, "", "", "UNREADABLE_RECORD", detail, null, receivedAt));
    }

    private static OutRecord letter(
            RawDelivery raw,
            String id,
            Instant receivedAt,
            Disposition disposition,
            String reason,
            String detail,
            @Nullable String pointer) {
        return record(new DeadLetter(
                raw.tenant(),
                disposition,
                raw.source(),
                raw.connection(),
                id,
                raw.deliveryKey(),
                raw.event(),
                reason,
                detail,
                pointer,
                receivedAt));
    }

    private static OutRecord record(DeadLetter letter) {
        return new OutRecord(
                Topic.DEAD_LETTERS.topicName(), OutRecord.BY_KEY, letter.delivery(), Json.bytes(letter), Map.of());
    }
}
