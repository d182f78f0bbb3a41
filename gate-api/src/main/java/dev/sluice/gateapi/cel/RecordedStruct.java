package dev.sluice.gateapi.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.StructValue;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value with named fields, some of which may be absent, that notes which of them an expression uses. CEL tells a use
 * ({@link #select}) from the question whether there is a value ({@link #find}): only the first fails.
 */
@SuppressWarnings(
        "Immutable") // CEL asks for immutability so that a program can be shared; this lives in one evaluation
final class RecordedStruct extends StructValue<String, RecordedStruct> {
    private final String name;
    private final StructType type;
    private final Fields fields;
    private final ReadLog log;

    /**
     * Creates a value.
     *
     * @param name as an expression writes it
     * @param type the names and types of its fields
     * @param fields their values
     * @param log where uses are noted
     */
    RecordedStruct(String name, StructType type, Fields fields, ReadLog log) {
        this.name = name;
        this.type = type;
        this.fields = fields;
        this.log = log;
    }

    @Override
    public Object select(String field) {
        Object value = fields.get(field);
        if (value == null) {
            log.missing(name + "." + field);
            throw CelAttributeNotFoundException.of(name + "." + field + " is not known");
        }
        if (!(value instanceof RecordedStruct)) {
            log.read(name + "." + field, value);
        }
        return value;
    }

    @Override
    public Optional<Object> find(String field) {
        Object value = fields.get(field);
        if (value == null) {
            log.absent(name + "." + field);
        }
        return Optional.ofNullable(value);
    }

    /** Returns itself: CEL unwraps values between steps, and would lose the log with the wrapping. */
    @Override
    public RecordedStruct value() {
        return this;
    }

    @Override
    public boolean isZeroValue() {
        return type.fieldNames().stream().allMatch(field -> fields.get(field) == null);
    }

    @Override
    public CelType celType() {
        return type;
    }

    /** The values of the fields, each looked up when it is read. */
    @FunctionalInterface
    interface Fields {
        /**
         * Returns a value: numbers as Long or Double, the same struct each time; null where it is not known.
         *
         * @param field name of the field
         */
        @Nullable
        Object get(String field);
    }
}
