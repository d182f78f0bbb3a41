package dev.sluice.store;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of a query's answer, valid until the next one is read. Stricter than the driver, which reads a column that is
 * not there as NULL, and NULL as 0.
 */
final class Row {
    private final ResultSet result;

    Row(ResultSet result) {
        this.result = result;
    }

    /**
     * Returns the value of a column that is never NULL.
     *
     * @throws IllegalStateException if there is no such column, or it holds NULL
     */
    <T> T get(String column, Class<T> type) throws SQLException {
        T value = orNull(column, type);
        if (value == null) {
            throw new IllegalStateException("column " + column + " holds NULL");
        }
        return value;
    }

    /**
     * Returns the value of a column, null for NULL.
     *
     * @throws IllegalStateException if there is no such column
     */
    <T> @Nullable T orNull(String column, Class<T> type) throws SQLException {
        int index;
        try {
            index = result.findColumn(column);
        } catch (SQLException e) {
            throw new IllegalStateException("there is no column " + column, e);
        }
        return result.getObject(index, type);
    }

    /**
     * Returns the texts of a column of lists; empty ones are left out.
     *
     * @throws IllegalStateException if there is no such column
     */
    List<String> texts(String column) throws SQLException {
        Object[] values = (Object[]) get(column, Array.class).getArray();
        return Arrays.stream(values)
                .map(String::valueOf)
                .filter(text -> !text.isEmpty())
                .toList();
    }
}
