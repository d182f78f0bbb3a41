package dev.sluice.sources.metrics.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.sources.Place;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads protobuf messages from JSON as OTLP has it: members by their names in lower camel case, enumerations as numbers (and,
 * as protobuf's own mapping has them, names), 64-bit numbers as texts or numbers. Exemplars, whose identifiers are the only
 * bytes in hexadecimal digits, are passed over.
 */
final class JsonMessages {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,20}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?[0-9.]{1,400}([eE][-+]?[0-9]{1,9})?");
    private static final BigDecimal MOST_UNSIGNED = new BigDecimal(BigInteger.TWO.pow(64));

    private JsonMessages() {}

    /**
     * Reads a message.
     *
     * @param place where it stands
     * @param into gets its fields
     * @throws dev.sluice.sources.Rejection if a member is not of its field's type
     */
    static void read(Place place, Message.Builder into) {
        place.object();
        for (FieldDescriptor field : into.getDescriptorForType().getFields()) {
            Place at = place.at(field.getJsonName());
            if (at.isAbsent() || isExemplar(field)) {
                continue;
            }
            if (field.isRepeated()) {
                at.list().elements().forEach(element -> into.addRepeatedField(field, value(element, field, into)));
            } else {
                into.setField(field, value(at, field, into));
            }
        }
    }

    private static boolean isExemplar(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && field.getMessageType().equals(Exemplar.getDescriptor());
    }

    private static Object value(Place at, FieldDescriptor field, Message.Builder parent) {
        return switch (field.getJavaType()) {
            case MESSAGE -> {
                Message.Builder message = parent.newBuilderForField(field);
                read(at, message);
                yield message.build();
            }
            case STRING -> text(at);
            case LONG -> whole(at, isUnsigned(field), 64).longValue();
            case INT -> whole(at, isUnsigned(field), 32).intValue();
            case DOUBLE -> decimal(at);
            case FLOAT -> (float) decimal(at);
            case BOOLEAN -> truth(at);
            case ENUM -> enumValue(at, field);
            case BYTE_STRING -> bytes(at);
        };
    }

    private static boolean isUnsigned(FieldDescriptor field) {
        return switch (field.getType()) {
            case UINT64, FIXED64, UINT32, FIXED32 -> true;
            default -> false;
        };
    }

    private static String text(Place at) {
        if (!at.node().isTextual()) {
            throw at.wrong("must be a text");
        }
        String text = at.node().textValue();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw at.wrong("holds half of a surrogate pair");
        }
        return text;
    }

    private static BigInteger whole(Place at, boolean unsigned, int bits) {
        BigInteger number = anyWhole(at);
        boolean fits = unsigned ? number.signum() >= 0 && number.bitLength() <= bits : number.bitLength() < bits;
        if (!fits) {
            throw at.wrong("must be a whole number of " + bits + " bits" + (unsigned ? ", at least 0" : ""));
        }
        return number;
    }

    private static BigInteger anyWhole(Place at) {
        JsonNode node = at.node();
        if (node.isIntegralNumber()) {
            return node.bigIntegerValue();
        }
        if (node.isTextual() && WHOLE.matcher(node.textValue()).matches()) {
            return new BigInteger(node.textValue());
        }
        if (node.isNumber() && Double.isFinite(node.doubleValue())) { // 1e3, as some write large numbers
            BigDecimal number = BigDecimal.valueOf(node.doubleValue());
            if (number.abs().compareTo(MOST_UNSIGNED) < 0 && Math.rint(node.doubleValue()) == node.doubleValue()) {
                return number.toBigInteger();
            }
        }
        throw at.wrong("must be a whole number");
    }

    private static double decimal(Place at) {
        JsonNode node = at.node();
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isTextual()) {
            String text = node.textValue();
            if (List.of("NaN", "Infinity", "-Infinity").contains(text)
                    || DECIMAL.matcher(text).matches()) {
                try {
                    return Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw at.wrong("must be a number");
                }
            }
        }
        throw at.wrong("must be a number");
    }

    private static boolean truth(Place at) {
        if (!at.node().isBoolean()) {
            throw at.wrong("must be true or false");
        }
        return at.node().booleanValue();
    }

    private static EnumValueDescriptor enumValue(Place at, FieldDescriptor field) {
        if (at.node().isTextual()) {
            EnumValueDescriptor value =
                    field.getEnumType().findValueByName(at.node().textValue());
            return value == null ? field.getEnumType().getValues().get(0) : value;
        }
        return field.getEnumType()
                .findValueByNumberCreatingIfUnknown(whole(at, false, 32).intValue());
    }

    private static ByteString bytes(Place at) {
        try {
            return ByteString.copyFrom(Base64.getDecoder().decode(text(at)));
        } catch (IllegalArgumentException e) {
            throw at.wrong("must be Base64");
        }
    }
}
