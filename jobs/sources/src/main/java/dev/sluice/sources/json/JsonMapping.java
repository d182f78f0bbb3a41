package dev.sluice.sources.json;

import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a connection declares its documents to be.
 *
 * @param kind what each item tells of
 * @param items where the list of items stands; null where the document is the one item
 * @param fields where the values of an item come from, by the name of the field
 * @param states the state by its value in the documents
 * @param times how the documents write times
 */
record JsonMapping(
        JsonKind kind,
        @Nullable JsonField items,
        Map<String, JsonField> fields,
        Map<String, String> states,
        JsonTimes times) {
    static final String DOCUMENT = "document";
    static final String ITEMS = "items";
    static final String FIELDS = "fields";
    static final String STATES = "states";
    static final String TIMES = "times";

    private static final String STATE = "state";

    JsonMapping {
        fields = Map.copyOf(fields);
        states = Map.copyOf(states);
    }

    /**
     * Reads what a connection declares.
     *
     * @param mapping the connection's mapping
     * @param problems where to report everything that is wrong
     * @return nothing if there is a problem
     */
    static Optional<JsonMapping> read(ConnectionMapping mapping, MappingDocument.Problems problems) {
        return new Reader(mapping, problems).read();
    }

    /** Returns the place of a field's value in an item; a missing one where it is not declared. */
    Place at(String field, Place item) {
        JsonField declared = fields.get(field);
        return declared == null ? new Place(MissingNode.getInstance(), item.pointer()) : declared.in(item);
    }

    private static final class Reader {
        private final ConnectionMapping mapping;
        private final MappingDocument.Problems problems;
        private int found;

        Reader(ConnectionMapping mapping, MappingDocument.Problems problems) {
            this.mapping = mapping;
            this.problems = problems;
        }

        Optional<JsonMapping> read() {
            JsonKind kind = choice(DOCUMENT, JsonKind.values(), JsonKind::label, null);
            JsonTimes times = choice(TIMES, JsonTimes.values(), JsonTimes::label, JsonTimes.ISO);
            Place list = mapping.option(ITEMS);
            JsonField items = list.isAbsent() ? null : field(list, ITEMS);
            if (items != null && items.pointer() == null) {
                add(list, ITEMS + " must be a JSON pointer: it begins with a slash");
            }
            if (kind == null) {
                return Optional.empty();
            }
            Map<String, JsonField> fields = fields(kind);
            Map<String, String> states = states(kind);
            requireStated(kind, fields, states);
            return found > 0 || times == null
                    ? Optional.empty()
                    : Optional.of(new JsonMapping(kind, items, fields, states, times));
        }

        private <T> @Nullable T choice(String option, T[] values, Function<T, String> label, @Nullable T otherwise) {
            Place place = mapping.option(option);
            String text = text(place, option);
            if (text == null && (!place.isAbsent() || otherwise != null)) {
                return otherwise;
            }
            Optional<T> chosen = Arrays.stream(values)
                    .filter(value -> label.apply(value).equals(text))
                    .findFirst();
            if (chosen.isEmpty()) {
                add(
                        place,
                        option + " must be one of "
                                + String.join(", ", Stream.of(values).map(label).toList()));
            }
            return chosen.orElse(null);
        }

        private Map<String, JsonField> fields(JsonKind kind) {
            var fields = new LinkedHashMap<String, JsonField>();
            List<String> known = kind.fields();
            for (Place declared : members(mapping.option(FIELDS), FIELDS)) {
                String name = nameOf(declared);
                if (!known.contains(name)) {
                    add(
                            declared,
                            FIELDS + "." + name + " is no field of a " + kind.label() + "; these are: "
                                    + String.join(", ", known));
                    continue;
                }
                JsonField field = field(declared, FIELDS + "." + name);
                if (field != null) {
                    fields.put(name, field);
                }
            }
            for (String name : kind.required()) {
                if (mapping.option(FIELDS).at(name).isAbsent() && !isOfTheConnection(name)) {
                    add(mapping.option(FIELDS), FIELDS + "." + name + " is missing: a " + kind.label() + " needs it");
                }
            }
            return fields;
        }

        private boolean isOfTheConnection(String name) {
            return (name.equals("service") && mapping.service() != null)
                    || (name.equals("environment") && mapping.environment() != null);
        }

        private @Nullable JsonField field(Place declared, String name) {
            String text = text(declared, name);
            if (text == null) {
                return null;
            }
            try {
                return JsonField.of(text);
            } catch (IllegalArgumentException e) {
                add(declared, name + " is no JSON pointer (RFC 6901): " + e.getMessage());
                return null;
            }
        }

        private Map<String, String> states(JsonKind kind) {
            Place table = mapping.option(STATES);
            if (table.isAbsent()) {
                return kind.states();
            }
            if (kind.states().isEmpty()) {
                add(table, STATES + " says nothing: a " + kind.label() + " has none");
            }
            var states = new LinkedHashMap<String, String>();
            for (Place row : members(table, STATES)) {
                String name = STATES + "." + nameOf(row);
                String state = text(row, name);
                if (state != null && !kind.states().containsKey(state)) {
                    add(
                            row,
                            name + " is no state of a " + kind.label() + ": " + state + "; these are: "
                                    + String.join(
                                            ", ",
                                            kind.states().keySet().stream()
                                                    .sorted()
                                                    .toList()));
                } else if (state != null) {
                    states.put(nameOf(row), state);
                }
            }
            return states;
        }

        /** A state that is the same in all documents must be one. */
        private void requireStated(JsonKind kind, Map<String, JsonField> fields, Map<String, String> states) {
            JsonField state = fields.get(STATE);
            if (state != null && state.pointer() == null && !states.containsKey(state.literal())) {
                add(
                        mapping.option(FIELDS).at(STATE),
                        FIELDS + "." + STATE + " is neither a JSON pointer nor a state of a " + kind.label() + ": "
                                + state.literal());
            }
        }

        private List<Place> members(Place object, String name) {
            var members = new ArrayList<Place>();
            if (object.node().isObject()) {
                object.node().fieldNames().forEachRemaining(member -> members.add(object.at(member)));
            } else {
                add(object, name + (object.isAbsent() ? " is missing" : " must be a mapping of names to texts"));
            }
            return members;
        }

        private static String nameOf(Place member) {
            String last = member.pointer().substring(member.pointer().lastIndexOf('/') + 1);
            return last.replace("~1", "/").replace("~0", "~");
        }

        private @Nullable String text(Place place, String name) {
            try {
                String text = place.optionalText();
                if (text == null && !place.isAbsent()) {
                    add(place, name + " must not be empty");
                }
                return text;
            } catch (Rejection e) {
                add(place, name + " " + e.getMessage());
                return null;
            }
        }

        private void add(Place place, String message) {
            found++;
            problems.add(place.pointer(), message);
        }
    }
}
