package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

/** A look into ClickHouse that shares nothing with the code under test: plain HTTP, rows as JSON. */
final class Probe {
    private static final ObjectReader ROWS = new ObjectMapper().readerFor(JsonNode.class);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI address;

    Probe(URI url) {
        this.address = url.resolve("/?default_format=JSONEachRow&date_time_output_format=iso"
                + "&output_format_json_quote_64bit_integers=0&wait_end_of_query=1");
    }

    /** Returns the rows of a query, times as RFC 3339. */
    List<JsonNode> query(String sql) {
        try (MappingIterator<JsonNode> rows = ROWS.readValues(send(sql))) {
            return rows.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a statement without an answer. */
    void execute(String sql) {
        send(sql);
    }

    private String send(String sql) {
        try {
            var answer = client.send(
                    HttpRequest.newBuilder(address)
                            .POST(BodyPublishers.ofString(sql))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as("%s: %s", sql, answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
