package dev.sluice.benchmarks.accuracy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Puts the tables into docs/reference/canary-accuracy.md, between its marks. */
final class AccuracyDocument {
    private static final String BEGIN = "<!-- results begin -->\n";
    private static final String END = "<!-- results end -->\n";

    private AccuracyDocument() {}

    static String tables(List<Row> rows) {
        var text = new StringBuilder();
        for (Row.Table table : Row.Table.values()) {
            List<Row> ofTable =
                    rows.stream().filter(row -> row.table() == table).toList();
            if (!ofTable.isEmpty()) {
                text.append("\n### ").append(table.title()).append("\n\n");
                text.append(table.unit()).append("\n\n");
                text.append("| case | procedure | measured | runs | seed |\n|---|---|---|---|---|\n");
                for (Row row : ofTable) {
                    text.append("| ")
                            .append(row.what())
                            .append(" | ")
                            .append(row.setting())
                            .append(" | ");
                    text.append(row.measured()).append(" | ").append(row.runs()).append(" | ");
                    text.append(row.seed()).append(" |\n");
                }
            }
        }
        return text.toString();
    }

    /** Replaces the results of a document. */
    static void write(Path document, String results) throws IOException {
        String text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no marks for the results");
        }
        Files.writeString(document, text.substring(0, begin + BEGIN.length()) + results + text.substring(end));
    }
}
