package dev.sluice.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a record of a topic becomes in ClickHouse: a pure function. A record that cannot be understood becomes a row of
 * {@link Table#UNREADABLE}; a heartbeat or a tombstone becomes nothing.
 */
public final class RowMapper {
    /** Header of a heartbeat: progress in milliseconds since the epoch. */
    public static final String HEARTBEAT_HEADER = "sluice-heartbeat";
    /** Header of a row: start of the attempt that wrote it, in milliseconds since the epoch. */
    public static final String GENERATION_HEADER = "sluice-generation";
    /** Header of a row that is not one of those that its topic has most of: what it is of. */
    public static final String ROW_HEADER = "sluice-row";
    /** Header of a fact: what it is a fact of. */
    public static final String FACT_HEADER = "sluice-fact";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_REASON = 500;

    private RowMapper() {}

    /** Returns the rows of a record, in no particular order; empty for a heartbeat and a tombstone. */
    public static List<StoredRow> rows(TopicRecord record) {
        byte[] value = record.value();
        if (value == null || record.headers().containsKey(HEARTBEAT_HEADER)) {
            return List.of();
        }
        try {
            return switch (record.topic()) {
                case "sluice.raw.v1" -> List.of(delivery(record, value));
                case "sluice.events.v1" -> List.of(withBody(record, value, Table.EVENTS, Layouts.EVENT));
                case "sluice.dead-letters.v1" -> List.of(flat(record, value, Table.DEAD_LETTERS, Layouts.DEAD_LETTER));
                case "sluice.facts.v1" -> List.of(fact(record, value));
                case "sluice.dora.v1" -> windows(record, value);
                case "sluice.periods.v1" -> List.of(flat(record, value, Table.PERIODS, Layouts.PERIOD));
                case "sluice.current.v1" -> current(record, value);
                case "sluice.decisions.v1" -> List.of(audited(record, value));
                case "sluice.buckets.v1" ->
                    List.of(withBody(record, value, Table.CANARY_BUCKETS, Layouts.CANARY_BUCKET));
                case "sluice.evidence.v1" -> evidence(record, value);
                case "sluice.rollbacks.v1" -> rollback(record, value);
                case "sluice.attempts.v1" ->
                    List.of(flat(record, value, Table.ROLLBACK_ATTEMPTS, Layouts.ROLLBACK_ATTEMPT));
                case "sluice.progress.v1" -> List.of(flat(record, value, Table.JOB_PROGRESS, Layouts.JOB_PROGRESS));
                default -> throw new UnreadableRecordException("unknown topic " + record.topic());
            };
        } catch (UnreadableRecordException e) {
            return List.of(unreadable(record, "", String.valueOf(e.getMessage())));
        }
    }

    /**
     * Returns the row that keeps a record for which there is no other row.
     *
     * @param record the record; its value may also be the row that was refused
     * @param target the table that refused the row; empty where none was made
     * @param reason why
     */
    public static StoredRow unreadable(TopicRecord record, String target, String reason) {
        return row(Table.UNREADABLE, out -> {
            out.writeStringField("topic", record.topic());
            out.writeNumberField("partition", record.partition());
            out.writeNumberField("offset", record.offset());
            out.writeStringField("target", target);
            out.writeStringField("reason", reason.substring(0, Math.min(reason.length(), LONGEST_REASON)));
            out.writeStringField("record_key", record.key());
            byte[] value = record.value();
            writeBytes(out, "value", value == null ? new byte[0] : value);
            out.writeStringField("appended_at", timeOrEpoch(record.appendedAt()));
        });
    }

    /**
     * Returns the row that says how far one writer has come.
     *
     * @param generation start of the job, in milliseconds since the epoch; the same for all writers
     * @param writer the writer's number, from 0
     * @param writers how many there are
     * @param through everything received before this is stored, as far as the writer sees it
     */
    public static StoredRow progress(long generation, int writer, int writers, Instant through) {
        return row(Table.STORE_PROGRESS, out -> {
            out.writeNumberField("generation", generation);
            out.writeNumberField("writer", writer);
            out.writeNumberField("writers", writers);
            out.writeStringField("through", ColumnKind.column(through));
        });
    }

    /** Returns the row that says up to where a topic partition is stored. */
    public static StoredRow offset(String topic, int partition, long nextOffset) {
        return row(Table.STORE_OFFSETS, out -> {
            out.writeStringField("topic", topic);
            out.writeNumberField("partition", partition);
            out.writeNumberField("next_offset", nextOffset);
        });
    }

    private static StoredRow delivery(TopicRecord record, byte[] value) {
        return row(Table.DELIVERIES, out -> {
            out.writeStringField("tenant", header(record, "sluice-tenant"));
            out.writeNumberField("partition", record.partition());
            out.writeNumberField("offset", record.offset());
            out.writeStringField("id", "d-" + record.partition() + "-" + record.offset());
            out.writeStringField("source", header(record, "sluice-source"));
            out.writeStringField("connection", header(record, "sluice-connection"));
            out.writeStringField("delivery_key", header(record, "sluice-delivery-key"));
            out.writeStringField("event", header(record, "sluice-event"));
            out.writeStringField("principal", header(record, "sluice-principal"));
            out.writeStringField("content_type", header(record, "content-type"));
            out.writeStringField("accepted_at", columnTime(headerTime(record, "sluice-received-at")));
            out.writeStringField("received_at", columnTime(record.appendedAt()));
            writeBytes(out, "body", value);
        });
    }

    /** Classes of environments are there for the gate; the store has them from the facts of their assignments. */
    private static List<StoredRow> current(TopicRecord record, byte[] value) {
        String other = record.headers().get(ROW_HEADER);
        if (other == null) {
            return List.of(flat(record, value, Table.CURRENT, Layouts.CURRENT));
        }
        if (other.equals("environment-class")) {
            return List.of();
        }
        throw new UnreadableRecordException("unknown kind of current row: " + other);
    }

    /** Decisions of before there was anything else have no kind. */
    private static StoredRow audited(TopicRecord record, byte[] value) {
        String kind = parse(value).path("kind").asText("decision");
        return switch (kind) {
            case "decision" -> withBody(record, value, Table.DECISIONS, Layouts.DECISION);
            case "claim" -> flat(record, value, Table.CLAIMS, Layouts.CLAIM);
            case "change" -> withBody(record, value, Table.CONTROL_CHANGES, Layouts.CONTROL_CHANGE);
            default -> throw new UnreadableRecordException("unknown kind of audit record: " + kind);
        };
    }

    /** That an order is over for long says nothing of it. */
    private static List<StoredRow> rollback(TopicRecord record, byte[] value) {
        return parse(value).path("deleted").asBoolean()
                ? List.of()
                : List.of(withBody(record, value, Table.ROLLBACKS, Layouts.ROLLBACK));
    }

    private static StoredRow fact(TopicRecord record, byte[] value) {
        String kind = factKind(record);
        return switch (kind) {
            case "deployment" -> flat(record, value, Table.DEPLOYMENTS, Layouts.DEPLOYMENT);
            case "change" -> flat(record, value, Table.CHANGES, Layouts.CHANGE);
            case "incident" -> flat(record, value, Table.INCIDENTS, Layouts.INCIDENT);
            case "pull_request" -> flat(record, value, Table.PULL_REQUESTS, Layouts.PULL_REQUEST);
            case "drift" -> flat(record, value, Table.DRIFT_EPISODES, Layouts.DRIFT_EPISODE);
            case "shift" -> flat(record, value, Table.SHIFTS, Layouts.SHIFT);
            case "service" -> flat(record, value, Table.SERVICE_SETTINGS, Layouts.SERVICE_SETTINGS);
            case "assignment" -> flat(record, value, Table.ASSIGNMENTS, Layouts.ASSIGNMENT);
            default -> throw new UnreadableRecordException("unknown kind of fact: " + kind);
        };
    }

    private static String factKind(TopicRecord record) {
        String header = record.headers().get(FACT_HEADER);
        if (header != null) {
            return header;
        }
        String key = record.key();
        if (key == null) {
            throw new UnreadableRecordException("fact without header " + FACT_HEADER + " and without key");
        }
        String[] parts = key.split("/", 3);
        return parts.length < 2 ? "" : parts[1];
    }

    private static List<StoredRow> windows(TopicRecord record, byte[] value) {
        JsonNode row = parse(value);
        JsonNode windows = row.path("windows");
        if (!windows.isArray()) {
            throw new UnreadableRecordException("/windows must be a list");
        }
        var rows = new ArrayList<StoredRow>(windows.size());
        for (JsonNode window : windows) {
            rows.add(row(Table.DORA_WINDOWS, out -> {
                write(out, Layouts.DORA_ROW, row);
                write(out, Layouts.DORA_WINDOW, window);
                writePosition(out, record);
            }));
        }
        return rows;
    }

    /** The run as it stands, and a row for each of its metrics. */
    private static List<StoredRow> evidence(TopicRecord record, byte[] value) {
        JsonNode look = parse(value);
        JsonNode metrics = look.at("/verdict/metrics");
        if (!metrics.isArray()) {
            throw new UnreadableRecordException("/verdict/metrics must be a list");
        }
        var rows = new ArrayList<StoredRow>(metrics.size() + 1);
        rows.add(row(Table.CANARY_RUNS, out -> {
            write(out, Layouts.CANARY_RUN, look);
            writePosition(out, record);
        }));
        for (JsonNode metric : metrics) {
            rows.add(row(Table.CANARY_EVIDENCE, out -> {
                write(out, Layouts.CANARY_LOOK, look);
                write(out, Layouts.CANARY_METRIC, metric);
                writePosition(out, record);
            }));
        }
        return rows;
    }

    private static StoredRow flat(TopicRecord record, byte[] value, Table table, List<Column> columns) {
        JsonNode row = parse(value);
        return row(table, out -> {
            write(out, columns, row);
            writePosition(out, record);
        });
    }

    private static StoredRow withBody(TopicRecord record, byte[] value, Table table, List<Column> columns) {
        JsonNode row = parse(value);
        return row(table, out -> {
            write(out, columns, row);
            writeBytes(out, "body", value);
            writePosition(out, record);
        });
    }

    private static void write(JsonGenerator out, List<Column> columns, JsonNode row) throws IOException {
        for (Column column : columns) {
            column.write(out, row);
        }
    }

    private static void writePosition(JsonGenerator out, TopicRecord record) throws IOException {
        out.writeNumberField("row_generation", generation(record));
        out.writeNumberField("row_partition", record.partition());
        out.writeNumberField("row_offset", record.offset());
        out.writeStringField("appended_at", columnTime(record.appendedAt()));
    }

    /** Escapes what JSON must escape and lets every other byte pass: the archive holds what came, UTF-8 or not. */
    private static void writeBytes(JsonGenerator out, String name, byte[] bytes) throws IOException {
        out.writeFieldName(name);
        out.writeUTF8String(bytes, 0, bytes.length);
    }

    private static JsonNode parse(byte[] value) {
        try {
            JsonNode row = MAPPER.readTree(value);
            if (row == null || !row.isObject()) {
                throw new UnreadableRecordException("not a JSON object");
            }
            return row;
        } catch (JsonProcessingException e) {
            throw new UnreadableRecordException("not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UnreadableRecordException("not JSON: " + e.getMessage(), e);
        }
    }

    private static long generation(TopicRecord record) {
        String text = record.headers().get(GENERATION_HEADER);
        return text == null ? 0 : millis(text, GENERATION_HEADER);
    }

    private static Instant headerTime(TopicRecord record, String name) {
        return Instant.ofEpochMilli(millis(header(record, name), name));
    }

    private static long millis(String text, String header) {
        try {
            long millis = Long.parseLong(text);
            if (millis >= 0) {
                return millis;
            }
        } catch (NumberFormatException e) {
            throw new UnreadableRecordException("header " + header + " must be a number of milliseconds", e);
        }
        throw new UnreadableRecordException("header " + header + " must not be negative");
    }

    private static String header(TopicRecord record, String name) {
        String value = record.headers().get(name);
        if (value == null) {
            throw new UnreadableRecordException("header " + name + " is missing");
        }
        return value;
    }

    private static String columnTime(Instant time) {
        try {
            return ColumnKind.column(time);
        } catch (DateTimeException e) {
            throw new UnreadableRecordException("time " + e.getMessage(), e);
        }
    }

    private static String timeOrEpoch(Instant time) {
        try {
            return ColumnKind.column(time);
        } catch (DateTimeException e) {
            return ColumnKind.column(Instant.EPOCH);
        }
    }

    private static StoredRow row(Table table, Fields fields) {
        var bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator out = MAPPER.getFactory().createGenerator(bytes, JsonEncoding.UTF8)) {
            // a row that proves unreadable is thrown away: the generator must not close what was never opened
            out.disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
            out.writeStartObject();
            fields.write(out);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new StoredRow(table, bytes.toByteArray());
    }

    @FunctionalInterface
    private interface Fields {
        void write(JsonGenerator out) throws IOException;
    }
}
