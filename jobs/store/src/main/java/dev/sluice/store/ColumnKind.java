package dev.sluice.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How a value of a JSON row becomes the value of a column; refuses what ClickHouse would refuse or bend. */
enum ColumnKind {
    /** A text. */
    TEXT {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            out.writeString(text(value));
        }
    },
    /** The name of a constant, in lower case. */
    LOWER_CASE {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            out.writeString(text(value).toLowerCase(Locale.ROOT));
        }
    },
    /** A point in time, RFC 3339; becomes {@code DateTime64(3)}. */
    INSTANT {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            out.writeString(column(OffsetDateTime.parse(text(value)).toInstant()));
        }
    },
    /** A day, ISO 8601; becomes {@code Date}, which holds 1970 to 2148. */
    DAY {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            LocalDate day = LocalDate.parse(text(value));
            if (day.getYear() < 1970 || day.getYear() > 2148) {
                throw new DateTimeException("must be a day of 1970 to 2148, is " + day);
            }
            out.writeString(day.toString());
        }
    },
    /** A truth value. */
    FLAG {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isBoolean(), "true or false", value);
            out.writeBoolean(value.booleanValue());
        }
    },
    /** A truth value that becomes 0 or 1. */
    BIT {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isBoolean(), "true or false", value);
            out.writeNumber(value.booleanValue() ? 1 : 0);
        }
    },
    /** A count: 0 to 2^32 - 1. */
    COUNT {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(
                    value.isIntegralNumber()
                            && value.canConvertToLong()
                            && value.longValue() >= 0
                            && value.longValue() <= 0xFFFF_FFFFL,
                    "a count below 2^32",
                    value);
            out.writeNumber(value.longValue());
        }
    },
    /** A small number: 0 to 65535. */
    SMALL {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(
                    value.isIntegralNumber()
                            && value.canConvertToInt()
                            && value.intValue() >= 0
                            && value.intValue() <= 0xFFFF,
                    "a number from 0 to 65535",
                    value);
            out.writeNumber(value.intValue());
        }
    },
    /** A whole number of 64 bits. */
    WHOLE {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isIntegralNumber() && value.canConvertToLong(), "a whole number of 64 bits", value);
            out.writeNumber(value.longValue());
        }
    },
    /** A finite number. */
    NUMBER {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isNumber() && Double.isFinite(value.doubleValue()), "a finite number", value);
            out.writeNumber(value.doubleValue());
        }
    },
    /** A list of texts. */
    TEXTS {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isArray(), "a list", value);
            out.writeStartArray();
            for (JsonNode element : value) {
                out.writeString(text(element));
            }
            out.writeEndArray();
        }
    },
    /** Counts by name; becomes {@code Map(String, UInt32)}. */
    COUNTS {
        @Override
        void write(JsonGenerator out, JsonNode value) throws IOException {
            require(value.isObject(), "counts by name", value);
            out.writeStartObject();
            for (Map.Entry<String, JsonNode> entry : value.properties()) {
                out.writeFieldName(entry.getKey());
                COUNT.write(out, entry.getValue());
            }
            out.writeEndObject();
        }
    };

    private static final DateTimeFormatter COLUMN_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Instant FIRST_TIME = Instant.parse("1900-01-01T00:00:00Z");
    private static final Instant END_OF_TIME = Instant.parse("2299-01-01T00:00:00Z");

    /**
     * Writes the column's value.
     *
     * @throws IllegalArgumentException or {@link DateTimeException} saying what the value should be
     */
    abstract void write(JsonGenerator out, JsonNode value) throws IOException;

    /**
     * Returns a time as ClickHouse reads it, to the millisecond.
     *
     * @throws DateTimeException outside the years 1900 to 2298, which a column cannot hold
     */
    static String column(Instant time) {
        if (time.isBefore(FIRST_TIME) || !time.isBefore(END_OF_TIME)) {
            throw new DateTimeException("must be a time of 1900 to 2298, is " + time);
        }
        return COLUMN_TIME.format(time);
    }

    private static String text(JsonNode value) {
        require(value.isTextual(), "a text", value);
        return value.textValue();
    }

    private static void require(boolean holds, String expected, JsonNode value) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "must be " + expected + ", is " + value.getNodeType().name().toLowerCase(Locale.ROOT));
        }
    }
}
