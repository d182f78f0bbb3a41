package dev.sluice.ingestjob;

import dev.sluice.ingestjob.state.FirstDelivery;
import dev.sluice.ingestjob.state.KnownConnection;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.sources.registry.Sources;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeadLetter;
import dev.sluice.wire.DeadLetter.Disposition;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.MalformedRecordException;
import dev.sluice.wire.RawDelivery;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keyed by the raw record's key: (tenant, connection, delivery key). Every delivery has exactly one outcome: its events,
 * or a record that says why there are none.
 *
 * <p>The first copy of a delivery decides; a later one is a DUPLICATE. The memory of a copy lasts {@link #MEMORY}, the
 * retention of the raw topic, in progress time; after that a repetition gives the same events with the same ids again.
 *
 * <p>The other input is the control topic, of which every part of the job reads all. A delivery of a connection that the
 * API has set up says by which of its records it was let in; it waits, in state, until that one or a later one has been
 * read here, for the two topics are read side by side. Progress does not wait with it.
 */
final class IngestFunction extends KeyedBroadcastProcessFunction<String, InRecord, InRecord, OutRecord> {
    /** The connections that the API has set up, by the key of their {@link Control}. */
    static final MapStateDescriptor<String, KnownConnection> CONNECTIONS =
            new MapStateDescriptor<>("connections", Types.STRING, TypeInformation.of(KnownConnection.class));

    private static final Logger LOGGER = LoggerFactory.getLogger(IngestFunction.class);
    private static final ValueStateDescriptor<InRecord> WAITING =
            new ValueStateDescriptor<>("waiting", TypeInformation.of(InRecord.class));
    /** Stands for the offset of a control record where the file of connections let a delivery in, or a token. */
    private static final long NO_CONTROL = -1;

    /** How long a delivery's first copy is remembered. */
    static final Duration MEMORY = Duration.ofDays(7);

    private final HashMap<String, ConnectionMapping> mappings;
    private transient SourceAdapter sources;
    /** The adapters of connections in {@link #CONNECTIONS} that have had deliveries, by the same key. */
    private transient Map<String, ConnectionSources> ofConnections;

    private transient ValueState<FirstDelivery> first;
    private transient ValueState<InRecord> waiting;
    private transient Counter events;
    private transient Counter deadLetters;
    private transient Counter ignored;
    private transient Counter duplicates;
    private transient Counter unreadableControls;

    /**
     * Creates the function.
     *
     * @param mappings how the names of a connection's source become Sluice's, by connection: of those in the file
     */
    IngestFunction(Map<String, ConnectionMapping> mappings) {
        this.mappings = new HashMap<>(mappings);
    }

    @Override
    public void open(OpenContext openContext) {
        sources = Sources.of(mappings);
        ofConnections = new HashMap<>();
        first = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("first", TypeInformation.of(FirstDelivery.class)));
        waiting = getRuntimeContext().getState(WAITING);
        var metrics = getRuntimeContext().getMetricGroup();
        events = metrics.counter("events");
        deadLetters = metrics.counter("deadLetters");
        ignored = metrics.counter("ignored");
        duplicates = metrics.counter("duplicates");
        unreadableControls = metrics.counter("unreadableControls");
    }

    @Override
    public void processElement(InRecord record, ReadOnlyContext context, Collector<OutRecord> out) throws Exception {
        String id = id(record);
        Instant receivedAt = receivedAt(record);
        RawDelivery raw;
        long control;
        try {
            raw = RawDelivery.of(record::header, record.value());
            control = controlOf(record);
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
        SourceAdapter adapter = adapter(raw, control, context.getBroadcastState(CONNECTIONS));
        if (adapter == null) {
            waiting.update(record);
        } else {
            if (control != NO_CONTROL) {
                waiting.clear(); // it is read again, and waited before
            }
            adapt(adapter, raw, id, receivedAt).forEach(out::collect);
        }
    }

    @Override
    public void processBroadcastElement(InRecord record, Context context, Collector<OutRecord> out) throws Exception {
        if (record.value().length == 0) {
            return; // forgotten: a connection never is
        }
        Control control;
        String mapping;
        try {
            control = Json.read(record.value(), Control.class);
            if (!control.kind().equals(Control.CONNECTION)) {
                return;
            }
            mapping = MappingsJson.of(control);
            MappingsJson.read(mapping);
        } catch (MalformedRecordException | IllegalArgumentException e) {
            unreadableControls.inc();
            LOGGER.atError()
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .log("control record cannot be read");
            return;
        }
        BroadcastState<String, KnownConnection> known = context.getBroadcastState(CONNECTIONS);
        known.put(control.key(), new KnownConnection(mapping, record.offset()));
        context.applyToKeyedState(WAITING, (key, state) -> {
            InRecord delivery = state.value();
            if (delivery == null) {
                return;
            }
            RawDelivery raw = RawDelivery.of(delivery::header, delivery.value());
            SourceAdapter adapter = adapter(raw, controlOf(delivery), known);
            if (adapter != null) {
                state.clear();
                adapt(adapter, raw, id(delivery), receivedAt(delivery)).forEach(out::collect);
            }
        });
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<OutRecord> out) throws Exception {
        first.clear();
        InRecord delivery = waiting.value();
        if (delivery != null) {
            waiting.clear();
            deadLetters.inc();
            out.collect(letter(
                    RawDelivery.of(delivery::header, delivery.value()),
                    id(delivery),
                    receivedAt(delivery),
                    Disposition.DEAD_LETTER,
                    "UNKNOWN_CONNECTION",
                    "the record that set up its connection never came",
                    null));
        }
    }

    private static String id(InRecord delivery) {
        return RawDelivery.deliveryId(delivery.partition(), delivery.offset());
    }

    private static Instant receivedAt(InRecord delivery) {
        return Instant.ofEpochMilli(delivery.timestamp());
    }

    /** Returns the offset of the control record that let a delivery in; {@link #NO_CONTROL} if none did. */
    private static long controlOf(InRecord delivery) {
        String offset = delivery.header(RecordHeaders.CONTROL_OFFSET);
        return offset == null ? NO_CONTROL : Long.parseLong(offset);
    }

    /** Returns what understands a delivery; null if what is known of its connection is older than the delivery. */
    private @Nullable SourceAdapter adapter(
            RawDelivery raw, long control, ReadOnlyBroadcastState<String, KnownConnection> connections)
            throws Exception {
        if (control == NO_CONTROL) {
            return sources;
        }
        String key = Keys.of(raw.tenant(), Control.CONNECTION, raw.connection());
        KnownConnection known = connections.get(key);
        if (known == null || known.offset() < control) {
            return null;
        }
        ConnectionSources present = ofConnections.get(key);
        if (present == null || present.offset() != known.offset()) {
            present = new ConnectionSources(sources(known), known.offset());
            ofConnections.put(key, present);
        }
        return present.sources();
    }

    /** Returns what understands the deliveries of a connection, whose mapping may have been let in by other rules. */
    private static SourceAdapter sources(KnownConnection known) {
        try {
            return Sources.of(MappingsJson.read(known.mapping()));
        } catch (IllegalArgumentException e) {
            var wrong = new Outcome.Malformed(
                    Reason.MAPPING_INVALID,
                    "the mapping of the connection must be set up again: " + e.getMessage(),
                    null);
            return delivery -> wrong;
        }
    }

    private List<OutRecord> adapt(SourceAdapter adapter, RawDelivery raw, String id, Instant receivedAt) {
        return adapter.adapt(Delivery.of(raw, id, receivedAt)).accept(new Outcome.Visitor<List<OutRecord>>() {
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
                return outcome.each().stream().map(this::deadLetter).toList();
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

    /** What understands the deliveries of a connection since the control record at an offset. */
    private record ConnectionSources(SourceAdapter sources, long offset) {}
}
