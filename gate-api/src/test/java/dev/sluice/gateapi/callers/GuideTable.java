package dev.sluice.gateapi.callers;

import dev.sluice.gateapi.document.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The fields of a document that is set up: as the table of a guide names them, and as the API does. */
public final class GuideTable {
    /** Where the guides are. */
    public static final Path GUIDES = Path.of(System.getProperty("sluice.root"), "docs", "guides");

    private static final Pattern FIELD = Pattern.compile("`([a-z_]+)`");

    private GuideTable() {}

    /** Returns the fields in the first column of the tables of a guide. */
    public static List<String> fields(String guide) throws IOException {
        try (var lines = Files.lines(GUIDES.resolve(guide))) {
            return lines.filter(line -> line.startsWith("| `"))
                    .map(line -> line.substring(0, line.indexOf('|', 1)))
                    .flatMap(cell -> FIELD.matcher(cell).results())
                    .map(match -> match.group(1))
                    .toList();
        }
    }

    /** Returns the fields of a schema of the API. */
    public static List<String> fieldsOfSchema(String schema) {
        var fields = new ArrayList<String>();
        ApiDocument.load()
                .json()
                .at("/components/schemas/" + schema + "/properties")
                .fieldNames()
                .forEachRemaining(fields::add);
        return fields;
    }
}
