package dev.sluice.gateapi.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of a YAML (or JSON) document, read strictly: a field of the wrong type, a field that is written twice and a
 * field that nobody asked for are problems, each with its line and column.
 */
public final class YamlMapping {
    private static final int MAX_NESTING = 20;
    private static final int MAX_CODE_POINTS = 1 << 20;

    private final String file;
    private final MappingNode written;
    private final Mark start;
    private final Problems problems;
    private final Map<String, Node> fields = new LinkedHashMap<>();
    private final Map<String, Mark> names = new LinkedHashMap<>();
    private final Map<String, Node> defaults;
    private final Set<String> asked = new LinkedHashSet<>();

    private YamlMapping(String file, MappingNode node, Map<String, Node> defaults, Problems problems) {
        this.file = file;
        this.written = node;
        this.defaults = defaults;
        this.start = node.getStartMark();
        this.problems = problems;
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(tuple.getKeyNode().getStartMark(), "the name of a field must be a text");
            } else if (fields.putIfAbsent(key.getValue(), tuple.getValueNode()) == null) {
                names.put(key.getValue(), key.getStartMark());
            } else {
                problem(key.getStartMark(), "field " + key.getValue() + " is written twice");
            }
        }
    }

    /**
     * Reads a document whose root is a mapping.
     *
     * @param file the file's name, for messages
     * @param content its text
     * @param problems where to report
     */
    public static Optional<YamlMapping> read(String file, String content, Problems problems) {
        var options = new LoaderOptions();
        options.setNestingDepthLimit(MAX_NESTING);
        options.setCodePointLimit(MAX_CODE_POINTS);
        Node root;
        try {
            root = new Yaml(new SafeConstructor(options)).compose(new StringReader(content));
        } catch (MarkedYAMLException e) {
            problems.add(at(file, e.getProblemMark()) + "not YAML: " + e.getProblem());
            return Optional.empty();
        } catch (YAMLException e) {
            problems.add(file + ": not YAML: " + e.getMessage());
            return Optional.empty();
        }
        if (root instanceof MappingNode mapping) {
            return Optional.of(new YamlMapping(file, mapping, Map.of(), problems));
        }
        problems.add(file + ": must be a mapping of fields");
        return Optional.empty();
    }

    /**
     * Returns this mapping, to be read anew, with what fields are worth that are absent in it or in a mapping within it.
     *
     * @param values the values, by the names of the fields
     */
    public YamlMapping withDefaults(YamlMapping values) {
        return new YamlMapping(file, written, values.fields, problems);
    }

    /** Returns whether the field is there, whatever its value. */
    public boolean has(String field) {
        return fields.containsKey(field);
    }

    /** Returns the text of a field; that the field is absent or no text is a problem. */
    public Optional<String> required(String field) {
        return required(field, Optional::of, "a text");
    }

    /**
     * Returns the value of a field; that the field is absent or unreadable is a problem.
     *
     * @param field the field's name
     * @param parser returns nothing for what it cannot read
     * @param expected what the parser reads, for the message
     */
    public <T> Optional<T> required(String field, Function<String, Optional<T>> parser, String expected) {
        if (node(field) == null) {
            asked.add(field);
            problem(start, "field " + field + " is missing");
            return Optional.empty();
        }
        return optional(field, parser, expected);
    }

    /** Returns the text of a field, or nothing if it is absent; that it is no text is a problem. */
    public Optional<String> optional(String field) {
        return optional(field, Optional::of, "a text");
    }

    /** Returns the value of a field, or nothing if it is absent; that it is unreadable is a problem. */
    public <T> Optional<T> optional(String field, Function<String, Optional<T>> parser, String expected) {
        asked.add(field);
        Node value = node(field);
        return value == null ? Optional.empty() : scalar(field, value, parser, expected);
    }

    private @Nullable Node node(String field) {
        Node own = fields.get(field);
        return own == null ? defaults.get(field) : own;
    }

    /** Returns the texts of a list, or nothing if the field is absent. */
    public Optional<List<String>> texts(String field) {
        return elements(field).map(nodes -> {
            var texts = new ArrayList<String>();
            for (Node node : nodes) {
                scalar(field, node, Optional::of, "a list of texts").ifPresent(texts::add);
            }
            return texts;
        });
    }

    /** Returns the texts of all fields of this mapping by their names; whatever else stands there is a problem. */
    public Map<String, String> allTexts() {
        var texts = new LinkedHashMap<String, String>();
        for (String name : List.copyOf(fields.keySet())) {
            required(name).ifPresent(text -> texts.put(name, text));
        }
        return texts;
    }

    /** Returns the mapping that a field holds, or nothing if the field is absent; that it is none is a problem. */
    public Optional<YamlMapping> mapping(String field) {
        asked.add(field);
        Node value = fields.get(field);
        if (value instanceof MappingNode mapping) {
            return Optional.of(new YamlMapping(file, mapping, defaults, problems));
        }
        if (value != null) {
            problem(value.getStartMark(), field + " must be a mapping of names to texts");
        }
        return Optional.empty();
    }

    /** Returns the mappings that a field holds by their names, or nothing if the field is absent. */
    public Optional<Map<String, YamlMapping>> namedMappings(String field) {
        return mapping(field).map(all -> {
            var mappings = new LinkedHashMap<String, YamlMapping>();
            for (String name : List.copyOf(all.fields.keySet())) {
                all.mapping(name).ifPresent(mapping -> mappings.put(name, mapping));
            }
            return mappings;
        });
    }

    /** Returns the mappings of a list, or nothing if the field is absent. */
    public Optional<List<YamlMapping>> mappings(String field) {
        return elements(field).map(nodes -> {
            var mappings = new ArrayList<YamlMapping>();
            for (Node element : nodes) {
                if (element instanceof MappingNode mapping) {
                    mappings.add(new YamlMapping(file, mapping, defaults, problems));
                } else {
                    problem(element.getStartMark(), "each element of " + field + " must be a mapping of fields");
                }
            }
            return mappings;
        });
    }

    /**
     * Returns fields as JSON, in which every scalar is a text; those that are absent are absent there.
     *
     * @param names the fields
     */
    public ObjectNode json(Collection<String> names) {
        asked.addAll(names);
        return json(names, 0);
    }

    private ObjectNode json(Collection<String> names, int depth) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        fields.forEach((name, node) -> {
            if (names.contains(name)) {
                json.set(name, json(node, depth + 1));
            }
        });
        return json;
    }

    /** An alias may stand for what it stands in: such a document has no end. */
    private JsonNode json(Node node, int depth) {
        if (depth > MAX_NESTING) {
            problem(node.getStartMark(), "is nested more than " + MAX_NESTING + " deep");
            return NullNode.instance;
        }
        if (node instanceof MappingNode mapping) {
            var nested = new YamlMapping(file, mapping, Map.of(), problems);
            return nested.json(nested.fields.keySet(), depth);
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            sequence.getValue().forEach(element -> array.add(json(element, depth + 1)));
            return array;
        }
        return TextNode.valueOf(((ScalarNode) node).getValue());
    }

    /**
     * Reports a problem of what stands within this mapping, or of the nearest around it that is there.
     *
     * @param pointer JSON pointer from this mapping
     * @param message one sentence that names the field
     */
    public void problemAt(String pointer, String message) {
        Mark mark = start;
        String[] names = pointer.split("/", -1);
        Node node = null;
        for (int i = 1; i < names.length; i++) {
            String name = names[i].replace("~1", "/").replace("~0", "~");
            node = i == 1 ? fields.get(name) : child(node, name);
            if (node == null) {
                break;
            }
            mark = node.getStartMark();
        }
        problem(mark, message);
    }

    private static @Nullable Node child(@Nullable Node parent, String name) {
        if (parent instanceof SequenceNode sequence) {
            return sequence.getValue().get(Integer.parseInt(name));
        }
        if (parent instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals(name)) {
                    return tuple.getValueNode();
                }
            }
        }
        return null;
    }

    /** Reports a problem of the field's value, or of the whole mapping where the field is absent. */
    public void problem(String field, String message) {
        Node node = fields.get(field);
        problem(node == null ? start : node.getStartMark(), message);
    }

    /** Reports each field that has not been asked for; call it last. */
    public void rejectUnknownFields() {
        names.forEach((name, mark) -> {
            if (!asked.contains(name)) {
                problem(mark, "unknown field " + name + "; known are " + String.join(", ", asked));
            }
        });
    }

    private Optional<List<Node>> elements(String field) {
        asked.add(field);
        Node node = fields.get(field);
        if (node == null) {
            return Optional.empty();
        }
        if (node instanceof SequenceNode sequence) {
            return Optional.of(sequence.getValue());
        }
        problem(node.getStartMark(), field + " must be a list");
        return Optional.empty();
    }

    private <T> Optional<T> scalar(String field, Node node, Function<String, Optional<T>> parser, String expected) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(scalar.getValue())) {
                problem(node.getStartMark(), field + " holds half a character");
                return Optional.empty();
            }
            Optional<T> value = parser.apply(scalar.getValue());
            if (value.isEmpty()) {
                problem(node.getStartMark(), field + " must be " + expected + ", is " + scalar.getValue());
            }
            return value;
        }
        problem(node.getStartMark(), field + " must be " + expected);
        return Optional.empty();
    }

    private void problem(@Nullable Mark mark, String message) {
        problems.add(at(file, mark) + message);
    }

    private static String at(String file, @Nullable Mark mark) {
        return mark == null ? file + ": " : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
    }
}
