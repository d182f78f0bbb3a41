package dev.sluice.store;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Inserts and the statements of migrations, with one limit of time; none is ever sent twice. */
final class Writes implements AutoCloseable {
    private final Client client;
    private final Duration timeout;
    private final Failures failures;

    private Writes(Client client, Duration timeout, Failures failures) {
        this.client = client;
        this.timeout = timeout;
        this.failures = failures;
    }

    /** Creates the client; connects at the first statement. */
    static Writes of(ClickHouseSettings settings) {
        long timeoutMillis = settings.insertTimeout().toMillis();
        Client client = new Client.Builder()
                .addEndpoint(settings.url().toString())
                .setUsername(settings.user())
                .setPassword(settings.password())
                .setConnectTimeout(settings.connectTimeout().toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(timeoutMillis, ChronoUnit.MILLIS)
                .setSocketTimeout(timeoutMillis, ChronoUnit.MILLIS)
                .setMaxRetries(0)
                .compressClientRequest(true)
                .compressServerResponse(true)
                .useAsyncRequests(false)
                .build();
        return new Writes(client, settings.insertTimeout(), new Failures(settings.url()));
    }

    /** Runs a statement without an answer. */
    void execute(String sql) {
        execute(sql, Map.of());
    }

    /**
     * Runs a statement without an answer.
     *
     * @param sql the statement, with {@code {name:Type}} for each value
     * @param parameters the values; texts without backslashes and control characters, which the client does not escape
     */
    void execute(String sql, Map<String, Object> parameters) {
        call(() -> {
            release(await(client.query(sql, parameters, new QuerySettings())));
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
            throw answered(e);
        } catch (ClickHouseException e) {
            throw e.getCause() instanceof ServerException cause ? answered(cause) : failures.away(e);
        } catch (CompletionException | IOException e) {
            throw failures.away(e);
        }
    }

    private RuntimeException answered(ServerException e) {
        return e.getCode() == ServerException.CODE_UNKNOWN
                ? failures.elsewhere(e.getTransportProtocolCode())
                : failures.ofWrite(e.getCode(), e);
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
