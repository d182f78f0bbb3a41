package dev.sluice.sources.metrics.pull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.CanarySelection.Feed;
import dev.sluice.wire.SeriesSelector;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A search that counts the documents of a run, within each bucket by all fields that the config names: one <a
 * href="https://www.elastic.co/guide/en/elasticsearch/reference/current/search-aggregations-bucket-composite-aggregation.html">composite
 * aggregation</a> of a date histogram and these fields. So each combination is a series that the selectors tell from others,
 * whatever their conditions are. Those that want a field to be equal to a text are in the query, too.
 *
 * @param labels the fields that the documents are grouped by
 * @param means the fields of which the mean is asked for
 * @param bounds the fields of which it is counted how many documents have at most each bound
 */
record ElasticsearchSearch(
        SortedSet<String> labels, SortedSet<String> means, SortedMap<String, SortedSet<Double>> bounds) {
    /** The name that selectors have for documents, each of which is a request. */
    static final String DOCUMENTS = "documents";
    /** So many combinations of fields and buckets may there be: more are most likely a field that is of each request. */
    static final int MOST_GROUPS = 10_000;
    /** What the aggregation is called. */
    static final String SERIES = "series";
    /** What the beginning of a bucket is called. */
    static final String AT = "at";
    /** What the number of documents is called that have a field. */
    static final String ALL = "all";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /**
     * Returns the search for a run.
     *
     * @throws UnusableAnswerException if Elasticsearch cannot be asked for a metric of it
     */
    static ElasticsearchSearch of(CanarySelection selection) {
        SortedSet<String> labels = new TreeSet<>(selection.ownLabels());
        labels.addAll(selection.baseline().labels());
        labels.addAll(selection.canary().labels());
        SortedSet<String> means = new TreeSet<>();
        SortedMap<String, SortedSet<Double>> bounds = new TreeMap<>();
        for (Feed feed : selection.feeds()) {
            labels.addAll(feed.selector().labels());
            String name = feed.selector().name();
            if (name == null) {
                throw cannot(feed, "its selector must have a name, that of a field or " + DOCUMENTS);
            }
            switch (feed.role()) {
                case EVENTS, EXPOSURE -> {
                    if (!name.equals(DOCUMENTS)) {
                        throw cannot(feed, "events and exposure are counted by " + DOCUMENTS + ", not by " + name);
                    }
                }
                case VALUE -> means.add(name);
                case HISTOGRAM -> {
                    if (feed.bounds().isEmpty()) {
                        throw cannot(feed, "its series must have bounds up to which requests are counted");
                    }
                    bounds.computeIfAbsent(name, field -> new TreeSet<>()).addAll(feed.bounds());
                }
            }
        }
        return new ElasticsearchSearch(labels, means, bounds);
    }

    private static UnusableAnswerException cannot(Feed feed, String why) {
        return UnusableAnswerException.ofQuery("cannot be asked for the metric " + feed.metric() + ": " + why);
    }

    /**
     * Returns the body of the search.
     *
     * @param selection of the run
     * @param intervals the buckets that are asked for
     * @param timestamp the field that says when a request was
     * @param timeoutMillis how long each shard may take
     */
    ObjectNode body(CanarySelection selection, WholeIntervals intervals, String timestamp, long timeoutMillis) {
        ObjectNode body = JSON.objectNode();
        body.put("size", 0);
        body.put("track_total_hits", true);
        body.put("timeout", timeoutMillis + "ms");
        ArrayNode filter = body.putObject("query").putObject("bool").putArray("filter");
        filter.addObject()
                .putObject("range")
                .putObject(timestamp)
                .put("gte", intervals.first().toEpochMilli())
                .put("lt", intervals.end().toEpochMilli())
                .put("format", "epoch_millis");
        ObjectNode arms = filter.addObject().putObject("bool");
        ArrayNode should = arms.putArray("should");
        for (SeriesSelector arm : List.of(selection.baseline(), selection.canary())) {
            ArrayNode terms = should.addObject().putObject("bool").putArray("filter");
            arm.texts()
                    .forEach(
                            (field, text) -> terms.addObject().putObject("term").put(field, text));
        }
        arms.put("minimum_should_match", 1);
        ObjectNode series = body.putObject("aggs").putObject(SERIES);
        ObjectNode composite = series.putObject("composite").put("size", MOST_GROUPS);
        ArrayNode sources = composite.putArray("sources");
        sources.addObject()
                .putObject(AT)
                .putObject("date_histogram")
                .put("field", timestamp)
                .put("fixed_interval", intervals.length().toSeconds() + "s");
        int place = 0;
        for (String label : labels) {
            sources.addObject()
                    .putObject(label(place++))
                    .putObject("terms")
                    .put("field", label)
                    .put("missing_bucket", true);
        }
        addMeasures(series);
        return body;
    }

    private void addMeasures(ObjectNode series) {
        ObjectNode measures = JSON.objectNode();
        int place = 0;
        for (String field : means) {
            measures.putObject(mean(place++)).putObject("avg").put("field", field);
        }
        place = 0;
        for (var of : bounds.entrySet()) {
            ObjectNode filters =
                    measures.putObject(histogram(place++)).putObject("filters").putObject("filters");
            filters.putObject(ALL).putObject("exists").put("field", of.getKey());
            int number = 0;
            for (double bound : of.getValue()) {
                filters.putObject(bound(number++))
                        .putObject("range")
                        .putObject(of.getKey())
                        .put("lte", bound);
            }
        }
        if (!measures.isEmpty()) {
            series.set("aggs", measures);
        }
    }

    /** Returns what a field to group by is called: names of fields may be none of aggregations. */
    static String label(int place) {
        return "label" + place;
    }

    /** Returns what the mean of a field is called. */
    static String mean(int place) {
        return "mean" + place;
    }

    /** Returns what the counts of a field are called. */
    static String histogram(int place) {
        return "histogram" + place;
    }

    /** Returns what the number of documents up to a bound is called. */
    static String bound(int number) {
        return "bound" + number;
    }
}
