package dev.sluice.canaryjob.pull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/** Answers a composite aggregation as Elasticsearch does: each hit is a document, its tags are fields. */
final class ElasticsearchStandIn extends StandIn {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    ElasticsearchStandIn(List<Hit> truth, LongSupplier millis, long lagSeconds) {
        super(truth, millis, lagSeconds);
    }

    @Override
    String answer(HttpExchange exchange) throws IOException {
        require(exchange.getRequestMethod().equals("POST"), "method");
        require(exchange.getRequestURI().getPath().equals("/logs/_search"), "path");
        require(
                Set.of(exchange.getRequestURI().getRawQuery().split("&", -1))
                        .equals(Set.of(
                                "allow_partial_search_results=false",
                                "ignore_unavailable=false",
                                "allow_no_indices=false")),
                "query");
        require("ApiKey key".equals(exchange.getRequestHeaders().getFirst("Authorization")), "key");
        JsonNode body = new ObjectMapper().readTree(exchange.getRequestBody());
        requireFields(body, "size", "track_total_hits", "timeout", "query", "aggs");
        require(body.get("size").intValue() == 0 && body.get("track_total_hits").booleanValue(), "size or total");
        List<Hit> found = found(body.get("query"));
        requireFields(body.get("aggs"), "series");
        requireFields(body.get("aggs").get("series"), "composite");
        JsonNode composite = body.get("aggs").get("series").get("composite");
        requireFields(composite, "size", "sources");
        ObjectNode answer = JSON.objectNode().put("took", 1).put("timed_out", false);
        answer.putObject("_shards")
                .put("total", 1)
                .put("successful", 1)
                .put("skipped", 0)
                .put("failed", 0);
        answer.putObject("hits").putObject("total").put("value", found.size()).put("relation", "eq");
        answer.putObject("aggregations").putObject("series").set("buckets", groups(found, composite.get("sources")));
        return answer.toString();
    }

    private static void requireFields(JsonNode node, String... names) {
        Set<String> fields = new TreeSet<>();
        node.fieldNames().forEachRemaining(fields::add);
        require(fields.equals(Set.of(names)), "fields " + fields);
    }

    private List<Hit> found(JsonNode query) {
        JsonNode filter = query.get("bool").get("filter");
        JsonNode range = filter.get(0).get("range").get("@timestamp");
        requireFields(range, "gte", "lt", "format");
        require(range.get("format").textValue().equals("epoch_millis"), "format");
        JsonNode arms = filter.get(1).get("bool");
        requireFields(arms, "should", "minimum_should_match");
        List<Hit> found = new ArrayList<>();
        for (Hit hit : known()) {
            long millis = hit.second() * 1000;
            boolean isInRange = millis >= range.get("gte").longValue()
                    && millis < range.get("lt").longValue();
            boolean isOfArm = false;
            for (JsonNode arm : arms.get("should")) {
                boolean isOfThis = true;
                for (JsonNode term : arm.get("bool").get("filter")) {
                    Map.Entry<String, JsonNode> wanted =
                            term.get("term").properties().iterator().next();
                    isOfThis &= wanted.getValue().textValue().equals(hit.tag(wanted.getKey()));
                }
                isOfArm |= isOfThis;
            }
            if (isInRange && isOfArm) {
                found.add(hit);
            }
        }
        return found;
    }

    private static ArrayNode groups(List<Hit> found, JsonNode sources) {
        Map<ObjectNode, Integer> counts = new LinkedHashMap<>();
        for (Hit hit : found) {
            ObjectNode key = JSON.objectNode();
            for (JsonNode source : sources) {
                Map.Entry<String, JsonNode> of = source.properties().iterator().next();
                if (of.getValue().has("date_histogram")) {
                    JsonNode histogram = of.getValue().get("date_histogram");
                    requireFields(histogram, "field", "fixed_interval");
                    long seconds = Long.parseLong(
                            histogram.get("fixed_interval").textValue().replace("s", ""));
                    key.put(of.getKey(), hit.second() / seconds * seconds * 1000);
                } else {
                    JsonNode terms = of.getValue().get("terms");
                    requireFields(terms, "field", "missing_bucket");
                    key.put(of.getKey(), hit.tags().get(terms.get("field").textValue()));
                }
            }
            counts.merge(key, 1, Integer::sum);
        }
        ArrayNode groups = JSON.arrayNode();
        counts.forEach((key, count) -> {
            ObjectNode group = groups.addObject();
            group.set("key", key);
            group.put("doc_count", count);
        });
        return groups;
    }
}
