package dev.sluice.store;

import static com.clickhouse.client.api.ClientConfigProperties.CLIENT_RETRY_ON_FAILURE;
import static com.clickhouse.client.api.ClientConfigProperties.COMPRESS_SERVER_RESPONSE;
import static com.clickhouse.client.api.ClientConfigProperties.CONNECTION_REQUEST_TIMEOUT;
import static com.clickhouse.client.api.ClientConfigProperties.CONNECTION_TIMEOUT;
import static com.clickhouse.client.api.ClientConfigProperties.HTTP_MAX_OPEN_CONNECTIONS;
import static com.clickhouse.client.api.ClientConfigProperties.PASSWORD;
import static com.clickhouse.client.api.ClientConfigProperties.RETRY_ON_FAILURE;
import static com.clickhouse.client.api.ClientConfigProperties.SERVER_TIMEZONE;
import static com.clickhouse.client.api.ClientConfigProperties.SOCKET_OPERATION_TIMEOUT;
import static com.clickhouse.client.api.ClientConfigProperties.USER;
import static com.clickhouse.client.api.ClientConfigProperties.serverSetting;

import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.jdbc.DataSourceImpl;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Queries over JDBC, each with one limit of time. Safe for use by several threads: they share one JDBC connection, which
 * holds no state of a session but a pool of HTTP connections.
 */
final class Queries implements AutoCloseable {
    /** How many HTTP connections there may be. */
    private static final int POOL = 10;

    private final Connection connection;
    private final Duration timeout;
    private final Failures failures;

    private Queries(Connection connection, Duration timeout, Failures failures) {
        this.connection = connection;
        this.timeout = timeout;
        this.failures = failures;
    }

    /**
     * Creates the pool; connects at the first query.
     *
     * @param settings where ClickHouse is
     * @param timeout how long a query may take
     */
    static Queries of(ClickHouseSettings settings, Duration timeout) {
        try {
            return new Queries(
                    new DataSourceImpl("jdbc:clickhouse:" + settings.url(), properties(settings, timeout))
                            .getConnection(),
                    timeout,
                    new Failures(settings.url()));
        } catch (SQLException e) {
            throw new IllegalArgumentException("no JDBC connection can be made of " + settings, e);
        }
    }

    /**
     * Returns the rows of a query.
     *
     * <p>HTTP connections die when ClickHouse is started again, and only their next use shows it. A query that meets
     * such a one is sent again: as often as the pool has connections, and while the time is not up.
     *
     * @param sql the query, with {@code ?} for each value
     * @param parameters the values
     * @param row what is made of a row
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    <T> List<T> rows(String sql, List<?> parameters, RowReader<T> row) {
        long started = System.nanoTime();
        for (int again = POOL; ; again--) {
            try {
                return rowsNow(sql, parameters, row);
            } catch (SQLException e) {
                IOException broken = cause(e, IOException.class);
                boolean timeIsUp = System.nanoTime() - started >= timeout.toNanos();
                if (broken == null || isFinal(broken) || timeIsUp || again == 0) {
                    throw translated(e, broken);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("closing the JDBC connection", e);
        }
    }

    private <T> List<T> rowsNow(String sql, List<?> parameters, RowReader<T> row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            // else the driver takes {fn …} for its own syntax, even inside of a value
            statement.setEscapeProcessing(false);
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            var rows = new ArrayList<T>();
            try (ResultSet result = statement.executeQuery()) {
                var current = new Row(result);
                while (result.next()) {
                    rows.add(row.read(current));
                }
            }
            return rows;
        }
    }

    private RuntimeException translated(SQLException e, @Nullable IOException cause) {
        if (e.getErrorCode() != 0) {
            return failures.ofQuery(e.getErrorCode(), e);
        }
        @Nullable ServerException answer = cause(e, ServerException.class);
        if (answer != null) {
            return failures.elsewhere(answer.getTransportProtocolCode());
        }
        return cause == null ? Failures.defect(e) : failures.away(e);
    }

    /** Tells whether another attempt cannot do better: nobody listens, or the time is up. */
    private static boolean isFinal(IOException e) {
        return e instanceof ConnectException || e instanceof InterruptedIOException;
    }

    private static <T extends Throwable> @Nullable T cause(SQLException e, Class<T> type) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    private static Properties properties(ClickHouseSettings settings, Duration timeout) {
        var properties = new Properties();
        properties.setProperty(USER.getKey(), settings.user());
        properties.setProperty(PASSWORD.getKey(), settings.password());
        properties.setProperty(
                CONNECTION_TIMEOUT.getKey(),
                Long.toString(settings.connectTimeout().toMillis()));
        properties.setProperty(CONNECTION_REQUEST_TIMEOUT.getKey(), Long.toString(timeout.toMillis()));
        properties.setProperty(SOCKET_OPERATION_TIMEOUT.getKey(), Long.toString(timeout.toMillis()));
        properties.setProperty(HTTP_MAX_OPEN_CONNECTIONS.getKey(), Integer.toString(POOL));
        properties.setProperty(RETRY_ON_FAILURE.getKey(), "0");
        properties.setProperty(CLIENT_RETRY_ON_FAILURE.getKey(), ClientFaultCause.None.name());
        properties.setProperty(COMPRESS_SERVER_RESPONSE.getKey(), "true");
        // else the driver asks the server as soon as the connection is made, and keeps the pool if that fails
        properties.setProperty(SERVER_TIMEZONE.getKey(), "UTC");
        // the status line must know of an error: without this it may come in the middle of the rows
        properties.setProperty(serverSetting("wait_end_of_query"), "1");
        properties.setProperty(serverSetting("max_execution_time"), Long.toString(Math.max(1, timeout.toSeconds())));
        return properties;
    }

    /** Makes a value of a row. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(Row row) throws SQLException;
    }
}
