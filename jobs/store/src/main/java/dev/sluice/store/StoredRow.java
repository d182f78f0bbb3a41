package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A row on its way into a table.
 *
 * @param table where it goes
 * @param json the row as one JSON object without line breaks (format JSONEachRow); a text that came from outside may
 *     hold bytes that are not UTF-8
 */
public record StoredRow(Table table, byte[] json) {
    public StoredRow {
        requireNonNull(table, "table");
        requireNonNull(json, "json");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StoredRow that && table == that.table && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return 31 * table.hashCode() + Arrays.hashCode(json);
    }

    @Override
    public String toString() {
        return table + " " + new String(json, StandardCharsets.UTF_8);
    }
}
