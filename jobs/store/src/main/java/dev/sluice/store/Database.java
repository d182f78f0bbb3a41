package dev.sluice.store;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** ClickHouse over HTTP with one limit of time; tells what may succeed later from what never will. */
final class Database implements AutoCloseable {
    /** Codes that say that the statement itself is wrong: a defect of Sluice, not of the day. */
    private static final Set<Integer> DEFECTS = Set.of(
            43, // ILLEGAL_TYPE_OF_ARGUMENT
            46, // UNKNOWN_FUNCTION
            47, // UNKNOWN_IDENTIFIER
            62, // SYNTAX_ERROR
            386, // NO_COMMON_TYPE
            456, // UNKNOWN_QUERY_PARAMETER
            457); // BAD_QUERY_PARAMETER
    /** Codes that say that a row does not fit its table: it would be refused again. */
    private static final Set<Integer> BAD_ROWS = Set.of(
            6, // CANNOT_PARSE_TEXT
            25, // CANNOT_PARSE_ESCAPE_SEQUENCE
            26, // CANNOT_PARSE_QUOTED_STRING
            27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
            38, // CANNOT_PARSE_DATE
            41, // CANNOT_PARSE_DATETIME
            53, // TYPE_MISMATCH
            69, // ARGUMENT_OUT_OF_BOUND
            70, // CANNOT_CONVERT_TYPE
            72, // CANNOT_PARSE_NUMBER
            117, // INCORRECT_DATA
            130, // CANNOT_READ_ARRAY_FROM_TEXT
            321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
            349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
            467); // CANNOT_PARSE_BOOL

    private static final ObjectReader ROWS = new ObjectMapper().readerFor(JsonNode.class);

    private final Client client;
    private final Duration timeout;
    private final String where;

    private Database(ClickHouseSettings settings, Duration timeout, int retries) {
        this.timeout = timeout;
        this.where = settings.url().toString();
        this.client = new Client.Builder()
                .addEndpoint(where)
                .setUsername(settings.user())
                .setPassword(settings.password())
                .setConnectTimeout(settings.connectTimeout().toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(timeout.toMillis(), ChronoUnit.MILLIS)
                .setMaxRetries(retries)
                .retryOnFailures(ClientFaultCause.NoHttpResponse)
                .compressClientRequest(true)
                .compressServerResponse(true)
                .useAsyncRequests(false)
                .build();
    }

    /**
     * Creates a client for queries; connects at the first one. A query whose pooled connection proves to be dead, since
     * ClickHouse was started again, is sent once more.
     */
    static Database forReading(ClickHouseSettings settings) {
        return new Database(settings, settings.queryTimeout(), 1);
    }

    /** Creates a client for inserts and migrations, of which none is ever sent twice; connects at the first one. */
    static Database forWriting(ClickHouseSettings settings) {
        return new Database(settings, settings.insertTimeout(), 0);
    }

    /** Returns the rows of a query, times as RFC 3339; values go as parameters only. */
    List<JsonNode> query(String sql, Map<String, Object> parameters) {
        QuerySettings settings = new QuerySettings()
                .setFormat(ClickHouseFormat.JSONEachRow)
                .serverSetting("date_time_output_format", "iso")
                .serverSetting("output_format_json_quote_64bit_integers", "0")
                // the status line must know of an error: without this it may come in the middle of the rows
                .serverSetting("wait_end_of_query", "1")
                .serverSetting("max_execution_time", Long.toString(Math.max(1, timeout.toSeconds())));
        return call(() -> {
            QueryResponse response = await(client.query(sql, escaped(parameters), settings));
            try (InputStream body = response.getInputStream();
                    MappingIterator<JsonNode> rows = ROWS.readValues(body)) {
                return rows.readAll();
            } finally {
                release(response);
            }
        });
    }

    /** Runs a statement without an answer. */
    void execute(String sql) {
        execute(sql, Map.of());
    }

    /** Runs a statement without an answer; values go as parameters only. */
    void execute(String sql, Map<String, Object> parameters) {
        call(() -> {
            release(await(client.query(sql, escaped(parameters), new QuerySettings())));
            return true;
        });
    }

    /**
     * Inserts rows, all or none.
     *
     * @param table the table
     * @param rows the rows, one JSON object each, separated by line breaks
     * @throws RowsRefusedException if a row does not fit the table: trying again is of no use
     */
    void insert(Table table, InputStream rows) {
        InsertSettings settings = new InsertSettings()
                .serverSetting("async_insert", "0")
                .serverSetting("input_format_null_as_default", "0")
                .serverSetting("input_format_skip_unknown_fields", "0");
        call(() -> {
            try (InsertResponse response =
                    await(client.insert(table.qualifiedName(), rows, ClickHouseFormat.JSONEachRow, settings))) {
                return response.getWrittenRows();
            }
        });
    }

    @Override
    public void close() {
        client.close();
    }

    private <T> T await(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer in " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (ServerException e) {
            throw translated(e);
        } catch (ClickHouseException e) {
            if (e.getCause() instanceof ServerException cause) {
                throw translated(cause);
            }
            throw away(e);
        } catch (CompletionException | IOException e) {
            throw away(e);
        }
    }

    private RuntimeException translated(ServerException e) {
        if (DEFECTS.contains(e.getCode())) {
            return new IllegalStateException("ClickHouse does not understand the statement: " + e.getMessage(), e);
        }
        if (BAD_ROWS.contains(e.getCode())) {
            return new RowsRefusedException(String.valueOf(e.getMessage()), e);
        }
        return new StoreUnavailableException(
                "ClickHouse at " + where + " answers with error " + e.getCode() + ": " + e.getMessage(), e);
    }

    private StoreUnavailableException away(Throwable e) {
        return new StoreUnavailableException("ClickHouse at " + where + " does not answer: " + e.getMessage(), e);
    }

    /** The server reads parameters as fields of tab-separated text; the client sends them as they are. */
    private static Map<String, Object> escaped(Map<String, Object> parameters) {
        var escaped = new HashMap<String, Object>();
        parameters.forEach((name, value) -> escaped.put(
                name,
                value instanceof String text
                        ? text.replace("\\", "\\\\")
                                .replace("\t", "\\t")
                                .replace("\n", "\\n")
                                .replace("\r", "\\r")
                                .replace("\0", "\\0")
                        : value));
        return escaped;
    }

    private static void release(AutoCloseable response) throws IOException {
        try {
            response.close();
        } catch (Exception e) { // the client declares no narrower type
            throw new IOException("closing an answer", e);
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T run() throws IOException;
    }
}
