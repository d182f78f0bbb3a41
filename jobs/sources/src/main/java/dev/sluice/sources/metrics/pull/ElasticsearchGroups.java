package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what Elasticsearch answers to the search for a run. Where no document is there is no point. */
final class ElasticsearchGroups implements AnswerReader<List<MetricSeries>> {
    private final ElasticsearchSearch search;
    private final WholeIntervals intervals;

    /**
     * Creates a reader.
     *
     * @param search what was asked
     * @param intervals of which it was asked
     */
    ElasticsearchGroups(ElasticsearchSearch search, WholeIntervals intervals) {
        this.search = search;
        this.intervals = intervals;
    }

    @Override
    public List<MetricSeries> read(Place body, Credentials.Shown secrets) {
        requireWhole(body.object());
        List<Place> groups = body.at("aggregations")
                .at(ElasticsearchSearch.SERIES)
                .at("buckets")
                .list()
                .elements()
                .toList();
        if (groups.size() >= ElasticsearchSearch.MOST_GROUPS) {
            throw UnusableAnswerException.ofQuery("has more than " + ElasticsearchSearch.MOST_GROUPS
                    + " combinations of what the selectors are about; let them name fields of few values");
        }
        requireEachDocumentOnce(body, groups);
        Map<SortedMap<String, String>, List<MetricPoint>> series = new LinkedHashMap<>();
        groups.forEach(group -> addPoints(group, series));
        return series.entrySet().stream()
                .map(one -> new MetricSeries(one.getKey(), one.getValue()))
                .toList();
    }

    /** Returns the type of the error, and what is said of it. */
    @Override
    public String problem(Place body) {
        Place error = body.at("error");
        return error.node().isTextual()
                ? error.node().textValue()
                : Stream.of(
                                error.at("type"),
                                error.at("reason"),
                                error.at("caused_by").at("reason"))
                        .map(part -> part.node().asText())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(": "));
    }

    private static void requireWhole(Place body) {
        Place timedOut = body.at("timed_out");
        if (!timedOut.node().isBoolean()) {
            throw timedOut.wrong("must be true or false");
        }
        if (timedOut.node().booleanValue()) {
            throw UnusableAnswerException.ofQuery("has not searched all in time");
        }
        long failed = number(body.at("_shards").at("failed"));
        long all = number(body.at("_shards").at("total"));
        if (failed > 0 || all == 0) {
            throw UnusableAnswerException.ofQuery(
                    "answers without " + (all == 0 ? "any shard" : failed + " of " + all + " shards"));
        }
        for (String state : List.of("skipped", "partial", "failed")) {
            Place clusters = body.at("_clusters").at(state);
            if (!clusters.isAbsent() && number(clusters) > 0) {
                throw UnusableAnswerException.ofQuery("answers without " + number(clusters) + " clusters");
            }
        }
    }

    /** A field with several values puts a document into several groups; a request must count once. */
    private static void requireEachDocumentOnce(Place body, List<Place> groups) {
        long documents = number(body.at("hits").at("total").at("value"));
        long counted = groups.stream()
                .mapToLong(group -> number(group.at("doc_count")))
                .sum();
        if (documents != counted) {
            throw UnusableAnswerException.ofQuery("counts " + counted + " where there are " + documents
                    + " documents: a field of the selectors has several values, or documents stand for several");
        }
    }

    private static long number(Place place) {
        if (!place.node().isIntegralNumber() || place.node().longValue() < 0) {
            throw place.wrong("must be a number of at least 0");
        }
        return place.node().longValue();
    }

    private void addPoints(Place group, Map<SortedMap<String, String>, List<MetricPoint>> series) {
        Place key = group.at("key").object();
        Instant begin = Instant.ofEpochMilli(number(key.at(ElasticsearchSearch.AT)));
        if (!intervals.beginsOneAt(begin)) {
            throw key.at(ElasticsearchSearch.AT).wrong("must be the beginning of an interval that was asked for");
        }
        Instant end = begin.plus(intervals.length());
        SortedMap<String, String> labels = labels(key);
        long documents = number(group.at("doc_count"));
        add(
                series,
                labels,
                ElasticsearchSearch.DOCUMENTS,
                new MetricPoint.Value(end, documents, Temporality.DELTA, begin));
        int place = 0;
        for (String field : search.means()) {
            Place mean = group.at(ElasticsearchSearch.mean(place++)).object().at("value");
            if (mean.node().isNumber()) {
                add(
                        series,
                        labels,
                        field,
                        new MetricPoint.Value(begin, mean.node().doubleValue(), Temporality.GAUGE, null));
            } else if (!mean.node().isNull()) {
                throw mean.wrong("must be a number, or null");
            }
        }
        place = 0;
        for (var of : search.bounds().entrySet()) {
            Place counts = group.at(ElasticsearchSearch.histogram(place++))
                    .at("buckets")
                    .object();
            MetricPoint.Buckets point = buckets(counts, of.getValue(), begin, end);
            if (point.total() > 0) {
                add(series, labels, of.getKey(), point);
            }
        }
    }

    private SortedMap<String, String> labels(Place key) {
        SortedMap<String, String> labels = new TreeMap<>();
        int place = 0;
        for (String label : search.labels()) {
            Place value = key.at(ElasticsearchSearch.label(place++));
            if (!value.node().isValueNode()) {
                throw value.wrong("must be a value, or null");
            }
            String text = value.node().isNull() ? "" : value.node().asText();
            if (!text.isEmpty()) {
                labels.put(label, text);
            }
        }
        return labels;
    }

    private static MetricPoint.Buckets buckets(Place counts, SortedSet<Double> bounds, Instant begin, Instant end) {
        double total = number(counts.at(ElasticsearchSearch.ALL).at("doc_count"));
        List<Double> upTo = new ArrayList<>();
        for (int i = 0; i < bounds.size(); i++) {
            double count = number(counts.at(ElasticsearchSearch.bound(i)).at("doc_count"));
            if (count > total || (i > 0 && count < upTo.get(i - 1))) {
                throw counts.wrong("must be counts that do not fall");
            }
            upTo.add(count);
        }
        return new MetricPoint.Buckets(end, Temporality.DELTA, begin, List.copyOf(bounds), upTo, total);
    }

    private static void add(
            Map<SortedMap<String, String>, List<MetricPoint>> series,
            SortedMap<String, String> labels,
            String name,
            MetricPoint point) {
        SortedMap<String, String> all = new TreeMap<>(labels);
        all.put(MetricSeries.NAME, name);
        series.computeIfAbsent(all, of -> new ArrayList<>()).add(point);
    }
}
