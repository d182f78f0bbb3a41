package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A table in a CSV file (RFC 4180, UTF-8) whose first line names the columns.
 *
 * @param file where it was read
 * @param rows its rows in order
 */
record CsvFile(Path file, List<Row> rows) {
    CsvFile {
        rows = List.copyOf(rows);
    }

    /**
     * Reads a file.
     *
     * @param columns names that must be there; others may be
     * @throws CommandFailedException if the file cannot be read or is no such table
     */
    static CsvFile read(Path file, List<String> columns) {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new CommandFailedException("cannot read " + file + ": there is no such file", e);
        } catch (IOException e) {
            throw new CommandFailedException("cannot read " + file + ": " + e.getMessage(), e);
        }
        List<List<String>> records = new Parser(file, text).records();
        if (records.isEmpty()) {
            throw new CommandFailedException(file + " is empty; its first line must name the columns");
        }
        List<String> header = records.get(0);
        for (String column : columns) {
            if (!header.contains(column)) {
                throw new CommandFailedException(
                        "%s has no column %s; it has %s".formatted(file, column, String.join(", ", header)));
            }
        }
        var rows = new ArrayList<Row>();
        for (int i = 1; i < records.size(); i++) {
            List<String> fields = records.get(i);
            if (fields.size() != header.size()) {
                throw new CommandFailedException("%s, row %d: %d fields, but the first line names %d columns"
                        .formatted(file, i + 1, fields.size(), header.size()));
            }
            var values = new HashMap<String, String>();
            for (int column = 0; column < header.size(); column++) {
                values.put(header.get(column), fields.get(column));
            }
            rows.add(new Row(file, i + 1, values));
        }
        return new CsvFile(file, rows);
    }

    /**
     * A row.
     *
     * @param file where it was read
     * @param number its number, the header being 1
     * @param values fields by column
     */
    record Row(Path file, int number, Map<String, String> values) {
        Row {
            values = Map.copyOf(values);
        }

        /** Returns a field, empty where the column is absent. */
        String optional(String column) {
            return values.getOrDefault(column, "").strip();
        }

        /** Returns a field that must not be empty. */
        String text(String column) {
            String value = optional(column);
            if (value.isEmpty()) {
                throw new CommandFailedException("%s, row %d: %s is empty".formatted(file, number, column));
            }
            return value;
        }

        /** Returns a field as what {@code parser} makes of it. */
        <T> T parsed(String column, String expected, Function<String, T> parser) {
            String value = text(column);
            try {
                return parser.apply(value);
            } catch (RuntimeException e) {
                throw new CommandFailedException(
                        "%s, row %d: %s is not %s: %s".formatted(file, number, column, expected, value), e);
            }
        }

        /** Returns the words of a field. */
        List<String> words(String column) {
            String value = optional(column);
            return value.isEmpty() ? List.of() : List.of(value.split("[\\s;]+"));
        }
    }

    private static final class Parser {
        private final Path file;
        private final String text;
        private final List<List<String>> records = new ArrayList<>();
        private List<String> fields = new ArrayList<>();
        private int position;

        Parser(Path file, String text) {
            this.file = file;
            this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        }

        List<List<String>> records() {
            while (position < text.length()) {
                fields.add(text.charAt(position) == '"' ? quoted() : plain());
                endField();
            }
            if (!fields.isEmpty()) {
                endRecord();
            }
            return records;
        }

        private void endField() {
            if (position == text.length()) {
                return;
            }
            char end = text.charAt(position++);
            if (end == ',') {
                if (position == text.length()) {
                    fields.add("");
                }
                return;
            }
            if (end == '\r' && position < text.length() && text.charAt(position) == '\n') {
                position++;
            } else if (end != '\n' && end != '\r') {
                throw new CommandFailedException(
                        "%s, row %d: text after a closing quote".formatted(file, records.size() + 1));
            }
            endRecord();
        }

        private void endRecord() {
            if (fields.size() > 1 || !fields.get(0).isEmpty()) {
                records.add(fields);
            }
            fields = new ArrayList<>();
        }

        private String plain() {
            int start = position;
            while (position < text.length() && ",\r\n".indexOf(text.charAt(position)) < 0) {
                position++;
            }
            return text.substring(start, position);
        }

        private String quoted() {
            var value = new StringBuilder();
            position++;
            while (position < text.length()) {
                char c = text.charAt(position++);
                if (c != '"') {
                    value.append(c);
                } else if (position < text.length() && text.charAt(position) == '"') {
                    value.append('"');
                    position++;
                } else {
                    return value.toString();
                }
            }
            throw new CommandFailedException("%s, row %d: a quote is not closed".formatted(file, records.size() + 1));
        }
    }
}
