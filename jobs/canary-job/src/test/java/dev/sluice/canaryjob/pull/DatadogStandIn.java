package dev.sluice.canaryjob.pull;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
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

/** Answers queries for counts as Datadog does. */
final class DatadogStandIn extends StandIn {
    private static final Pattern QUERY = Pattern.compile(
            "sum:([a-z.]+)\\{([a-z0-9_.:,]+)} by \\{([a-z_,]+)}\\.as_count\\(\\)\\.rollup\\(sum,([0-9]+)\\)(,|$)");

    DatadogStandIn(List<Hit> truth, LongSupplier millis, long lagSeconds) {
        super(truth, millis, lagSeconds);
    }

    @Override
    String answer(HttpExchange exchange) {
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

    private List<String> series(int index, Matcher query, long from, long to) {
        long interval = Long.parseLong(query.group(4));
        Set<String> scope = Set.of(query.group(2).split(",", -1));
        List<String> groups = List.of(query.group(3).split(",", -1));
        Map<Set<String>, Map<Long, Integer>> byGroup = new LinkedHashMap<>();
        for (Hit hit : known()) {
            Set<String> tags = new TreeSet<>();
            hit.tags().forEach((key, value) -> tags.add(key + ":" + value));
            if (hit.metric().equals(query.group(1))
                    && tags.containsAll(scope)
                    && hit.second() >= from
                    && hit.second() <= to) {
                Set<String> group = groups.stream()
                        .map(key -> key + ":" + hit.tags().getOrDefault(key, "N/A"))
                        .collect(Collectors.toCollection(TreeSet::new));
                byGroup.computeIfAbsent(group, name -> new TreeMap<>())
                        .merge(hit.second() / interval * interval, 1, Integer::sum);
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
