package dev.sluice.canaryjob.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Answers queries for counts as Datadog's documentation says, of hits that it has a minute after they happened; whatever else it is
 * asked is an error. On a free port of 127.0.0.1.
 */
final class DatadogStandIn implements AutoCloseable {
    static final long LAG_SECONDS = 60;

    private static final Pattern QUERY = Pattern.compile(
            "sum:([a-z.]+)\\{([a-z0-9_.:,]+)} by \\{([a-z_,]+)}\\.as_count\\(\\)\\.rollup\\(sum,([0-9]+)\\)(,|$)");

    private final List<Hits> truth;
    private final LongSupplier millis;
    private final HttpServer server;

    /**
     * Hits of one second.
     *
     * @param metric what was hit
     * @param tags by key
     * @param second since the epoch
     */
    record Hits(String metric, Map<String, String> tags, long second, int count) {}

    DatadogStandIn(List<Hits> truth, LongSupplier millis) {
        this.truth = truth;
        this.millis = millis;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HttpHandler handler = exchange -> {
            try (exchange) {
                byte[] body;
                int status = 200;
                try {
                    body = answer(exchange).getBytes(UTF_8);
                } catch (IllegalArgumentException e) {
                    status = 400;
                    body = "{\"errors\": [\"%s\"]}".formatted(e.getMessage()).getBytes(UTF_8);
                }
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            }
        };
        server.createContext("/", handler);
        server.start();
    }

    URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private String answer(HttpExchange exchange) {
        Map<String, String> fields = new TreeMap<>();
        for (String field : exchange.getRequestURI().getRawQuery().split("&", -1)) {
            String[] parts = field.split("=", 2);
            fields.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
        }
        require(exchange.getRequestMethod().equals("GET"), "method");
        require(exchange.getRequestURI().getPath().equals("/api/v1/query"), "path");
        require(fields.keySet().equals(Set.of("from", "to", "query")), "fields");
        require("api".equals(exchange.getRequestHeaders().getFirst("DD-API-KEY")), "api key");
        require("app".equals(exchange.getRequestHeaders().getFirst("DD-APPLICATION-KEY")), "application key");
        long from = Long.parseLong(fields.getOrDefault("from", ""));
        long to = Long.parseLong(fields.getOrDefault("to", ""));
        String text = fields.getOrDefault("query", "");
        Matcher query = QUERY.matcher(text);
        List<String> series = new ArrayList<>();
        int end = 0;
        for (int index = 0; end < text.length(); index++) {
            require(query.find() && query.start() == end, "query at " + end);
            end = query.end();
            series.addAll(series(index, query, from, to));
        }
        return "{\"status\": \"ok\", \"res_type\": \"time_series\", \"series\": [" + String.join(",", series) + "]}";
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalArgumentException("wrong " + what);
        }
    }

    private List<String> series(int index, Matcher query, long from, long to) {
        long interval = Long.parseLong(query.group(4));
        Set<String> scope = Set.of(query.group(2).split(",", -1));
        List<String> groups = List.of(query.group(3).split(",", -1));
        Map<Set<String>, Map<Long, Integer>> byGroup = new LinkedHashMap<>();
        for (Hits hits : truth) {
            Set<String> tags = new TreeSet<>();
            hits.tags().forEach((key, value) -> tags.add(key + ":" + value));
            if (hits.metric().equals(query.group(1))
                    && tags.containsAll(scope)
                    && hits.second() >= from
                    && hits.second() <= to
                    && hits.second() + LAG_SECONDS <= millis.getAsLong() / 1000) {
                Set<String> group = groups.stream()
                        .map(key -> key + ":" + hits.tags().getOrDefault(key, "N/A"))
                        .collect(Collectors.toCollection(TreeSet::new));
                byGroup.computeIfAbsent(group, name -> new TreeMap<>())
                        .merge(hits.second() / interval * interval, hits.count(), Integer::sum);
            }
        }
        return byGroup.entrySet().stream()
                .map(group -> series(index, interval, group.getKey(), group.getValue()))
                .toList();
    }

    private static String series(int index, long interval, Set<String> tags, Map<Long, Integer> counts) {
        return "{\"query_index\": %d, \"interval\": %d, \"tag_set\": [%s], \"pointlist\": [%s]}"
                .formatted(
                        index,
                        interval,
                        tags.stream().map(tag -> "\"" + tag + "\"").collect(Collectors.joining(",")),
                        counts.entrySet().stream()
                                .map(count -> "[%d000.0, %d.0]".formatted(count.getKey(), count.getValue()))
                                .collect(Collectors.joining(",")));
    }
}
