package dev.sluice.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;

/**
 * A column that is filled from a JSON row.
 *
 * @param name the column
 * @param pointer where the value stands in the row
 * @param kind what it is
 * @param absent what to do without a value
 */
record Column(String name, JsonPointer pointer, ColumnKind kind, Absent absent) {
    /** What happens when the row does not have the value. */
    enum Absent {
        /** The row is refused. */
        REFUSED,
        /** The column is null. */
        NULL,
        /** The column is 0. */
        ZERO,
        /** The column is an empty map. */
        EMPTY
    }

    /** A column that every row must have; its name is that of the field. */
    static Column required(String name, ColumnKind kind) {
        return new Column(name, JsonPointer.compile("/" + name), kind, Absent.REFUSED);
    }

    /** A column that is null where the row has no value; its name is that of the field. */
    static Column nullable(String name, ColumnKind kind) {
        return new Column(name, JsonPointer.compile("/" + name), kind, Absent.NULL);
    }

    /** The same column, read from another place of the row. */
    Column at(String otherPointer) {
        return new Column(name, JsonPointer.compile(otherPointer), kind, absent);
    }

    /**
     * Writes the column's name and value.
     *
     * @throws UnreadableRecordException if the row's value does not fit the column
     */
    void write(JsonGenerator out, JsonNode row) throws IOException {
        JsonNode value = row.at(pointer);
        out.writeFieldName(name);
        if (value.isMissingNode() || value.isNull()) {
            switch (absent) {
                case REFUSED -> throw new UnreadableRecordException(pointer + " is missing");
                case NULL -> out.writeNull();
                case ZERO -> out.writeNumber(0);
                case EMPTY -> {
                    out.writeStartObject();
                    out.writeEndObject();
                }
            }
            return;
        }
        try {
            kind.write(out, value);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new UnreadableRecordException(pointer + " " + e.getMessage(), e);
        }
    }
}
