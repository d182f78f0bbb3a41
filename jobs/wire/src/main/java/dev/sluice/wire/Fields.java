package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object, read with the place that an error names.
 *
 * @param node the object
 * @param at JSON pointer of the object in its document
 */
record Fields(JsonNode node, String at) {

    /** Returns a member that is an object. */
    Fields of(String field) {
        return new Fields(node.path(field), at + "/" + field);
    }

    /** Returns the members of a list, each an object; null where there is no list. */
    @Nullable
    List<Fields> optionalList(String field) {
        JsonNode list = node.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return null;
        }
        if (!list.isArray()) {
            throw wrong("must be a list", field);
        }
        var members = new ArrayList<Fields>();
        for (int i = 0; i < list.size(); i++) {
            members.add(new Fields(list.path(i), at + "/" + field + "/" + i));
        }
        return members;
    }

    boolean has(String field) {
        return node.has(field);
    }

    String text(String field) {
        String value = optionalText(field);
        if (value == null) {
            throw wrong("is required and must be a text", field);
        }
        return value;
    }

    @Nullable
    String optionalText(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw wrong("must be a text", field);
        }
        return value.textValue().isEmpty() ? null : value.textValue();
    }

    boolean flag(String field) {
        Boolean value = optionalFlag(field);
        if (value == null) {
            throw wrong("is required and must be true or false", field);
        }
        return value;
    }

    @Nullable
    Boolean optionalFlag(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isBoolean()) {
            throw wrong("must be true or false", field);
        }
        return value.booleanValue();
    }

    /** Returns a whole number; 0 where there is none. */
    long integer(String field) {
        JsonNode value = node.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.canConvertToLong() || !value.isIntegralNumber()) {
            throw wrong("must be a whole number", field);
        }
        return value.longValue();
    }

    @Nullable
    Duration optionalSeconds(String field) {
        return node.hasNonNull(field) ? Duration.ofSeconds(integer(field)) : null;
    }

    /** Returns a list of texts; empty where there is none. */
    List<String> texts(String field) {
        List<String> values = optionalTexts(field);
        return values == null ? List.of() : values;
    }

    /** Returns a list of texts; null where there is none. */
    @Nullable
    List<String> optionalTexts(String field) {
        JsonNode list = node.path(field);
        if (list.isMissingNode() || list.isNull()) {
            return null;
        }
        if (!list.isArray()) {
            throw wrong("must be a list of texts", field);
        }
        var values = new ArrayList<String>();
        for (JsonNode value : list) {
            if (!value.isTextual()) {
                throw wrong("must hold texts only", field);
            }
            values.add(value.textValue());
        }
        return values;
    }

    Instant instant(String field) {
        Instant value = optionalInstant(field);
        if (value == null) {
            throw wrong("is required and must be a time (RFC 3339)", field);
        }
        return value;
    }

    @Nullable
    Instant optionalInstant(String field) {
        String value = optionalText(field);
        if (value == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeParseException e) {
            throw new MalformedRecordException("is not a time (RFC 3339): " + value, at + "/" + field, e);
        }
    }

    LocalDate day(String field) {
        String value = text(field);
        try {
            return LocalDate.parse(value);
        } catch (DateTimeParseException e) {
            throw new MalformedRecordException("is not a day such as 2026-03-01: " + value, at + "/" + field, e);
        }
    }

    @Nullable
    ZoneId optionalZone(String field) {
        String value = optionalText(field);
        if (value == null) {
            return null;
        }
        try {
            return ZoneId.of(value);
        } catch (DateTimeException e) {
            throw new MalformedRecordException(
                    "is not a time zone such as Europe/Berlin: " + value, at + "/" + field, e);
        }
    }

    <E extends Enum<E>> E constant(Class<E> type, String field) {
        return constant(type, field, text(field));
    }

    <E extends Enum<E>> @Nullable E optionalConstant(Class<E> type, String field) {
        String value = optionalText(field);
        return value == null ? null : constant(type, field, value);
    }

    private <E extends Enum<E>> E constant(Class<E> type, String field, String value) {
        try {
            return Enum.valueOf(type, value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new MalformedRecordException("unknown value " + value, at + "/" + field, e);
        }
    }

    private MalformedRecordException wrong(String message, String field) {
        return new MalformedRecordException(message, at + "/" + field, null);
    }

    // ---- the way back

    /** Writes a value as its text; nothing where it is null. */
    static void put(ObjectNode node, String field, @Nullable Object value) {
        if (value instanceof Boolean flag) {
            node.put(field, flag);
        } else if (value instanceof Enum<?> constant) {
            node.put(field, constant.name().toLowerCase(Locale.ROOT));
        } else if (value != null) {
            node.put(field, value.toString());
        }
    }

    /** Writes a number; nothing where it is 0. */
    static void put(ObjectNode node, String field, long value) {
        if (value != 0) {
            node.put(field, value);
        }
    }

    /** Writes a list of texts; nothing where it is null. */
    static void put(ObjectNode node, String field, @Nullable List<String> values) {
        if (values != null) {
            ArrayNode array = node.putArray(field);
            values.forEach(array::add);
        }
    }
}
