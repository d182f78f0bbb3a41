package dev.sluice.gateapi.cel;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.StructValue;
import java.util.Map;
import java.util.Optional;

/**
 * A value with named fields, some of which may be absent, that notes which of them an expression uses. CEL tells a use
 * ({@link #select}) from the question whether there is a value ({@link #find}): only the first fails.
 */
@SuppressWarnings(
        "Immutable") // CEL asks for immutability so that a program can be shared; this lives in one evaluation
final class RecordedStruct extends StructValue<String, RecordedStruct> {
    private final String name;
    private final StructType type;
    private final Map<String, Object> fields;
    private final ReadLog log;

    /**
     * Creates a value.
     *
     * @param name as an expression writes it
     * @param type its fields
     * @param fields those that are present: numbers as Long or Double, other structs
     * @param log where uses are noted
     */
    RecordedStruct(String name, StructType type, Map<String, Object> fields, ReadLog log) {
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
        return fields.isEmpty();
    }

    @Override
    public CelType celType() {
        return type;
    }
}
