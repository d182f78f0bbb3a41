package dev.sluice.sources.metrics.pull;

import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.CanarySelection.Feed;
import dev.sluice.wire.CanarySelection.Role;
import dev.sluice.wire.SeriesSelector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A query for series of a run, in <a href="https://docs.datadoghq.com/dashboards/functions/rollup/">Datadog's language</a>. Its
 * scope has the tags that the selectors want to be equal to a text. The values are grouped by all tags that the config names, for
 * the same metric always by the same ones: so each group is a series that the selectors tell from others, whatever their
 * conditions are, and what is within two scopes is known to be the same.
 *
 * @param name of the metric
 * @param isLevel whether it is a level; else a count
 * @param scope the tags, as Datadog has them
 * @param groups the tags by which the values are grouped
 */
record DatadogQuery(String name, boolean isLevel, String scope, String groups) {
    private static final Pattern METRIC = Pattern.compile("[a-zA-Z][a-zA-Z0-9_.]{0,199}");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z][a-zA-Z0-9_./-]{0,199}");
    /** Nothing that could end the scope; no wildcard; and no capitals, which Datadog's tags never have. */
    private static final Pattern VALUE = Pattern.compile("[a-z0-9_./:-]{1,200}");

    /**
     * Returns the queries for all series of a run, each once.
     *
     * @throws UnusableAnswerException if Datadog cannot be asked for one
     */
    static Set<DatadogQuery> of(CanarySelection selection) {
        Set<DatadogQuery> queries = new LinkedHashSet<>();
        for (Feed feed : selection.feeds()) {
            String name = name(feed);
            String groups = groups(selection, name);
            for (SeriesSelector arm : List.of(selection.baseline(), selection.canary())) {
                queries.add(new DatadogQuery(
                        name, feed.role() == Role.VALUE, scope(arm.and(feed.selector()), feed), groups));
            }
        }
        return queries;
    }

    private static String name(Feed feed) {
        if (feed.role() == Role.HISTOGRAM) {
            throw cannot(feed, "Datadog keeps no counts up to bounds; count the slow requests as events of a ratio");
        }
        String name = feed.selector().name();
        if (name == null || !METRIC.matcher(name).matches()) {
            throw cannot(feed, "its selector must have the name of a metric of Datadog");
        }
        return name;
    }

    private static String groups(CanarySelection selection, String name) {
        SortedSet<String> groups = new TreeSet<>(selection.ownLabels());
        groups.addAll(selection.baseline().labels());
        groups.addAll(selection.canary().labels());
        for (Feed feed : selection.feeds()) {
            if (name.equals(feed.selector().name())) {
                groups.addAll(feed.selector().labels());
            }
        }
        for (String tag : groups) {
            if (!TAG.matcher(tag).matches()) {
                throw UnusableAnswerException.ofQuery(
                        "cannot be asked for " + name + ": no tag of Datadog is named " + tag);
            }
        }
        return String.join(",", groups);
    }

    private static String scope(SeriesSelector selector, Feed feed) {
        List<String> tags = new ArrayList<>();
        for (Map.Entry<String, String> tag : selector.texts().entrySet()) {
            if (!VALUE.matcher(tag.getValue()).matches()) {
                throw cannot(
                        feed,
                        "no tag of Datadog is " + tag.getKey() + ":" + tag.getValue()
                                + "; they have small letters, digits and _ - : . / only");
            }
            tags.add(tag.getKey() + ":" + tag.getValue());
        }
        return tags.isEmpty() ? "*" : String.join(",", tags);
    }

    private static UnusableAnswerException cannot(Feed feed, String why) {
        return UnusableAnswerException.ofQuery("cannot be asked for the metric " + feed.metric() + ": " + why);
    }

    /**
     * Returns the query.
     *
     * @param seconds how long the intervals are of which it is to have a value each
     */
    String text(long seconds) {
        return (isLevel ? "avg:" : "sum:")
                + name
                + "{" + scope + "}"
                + (groups.isEmpty() ? "" : " by {" + groups + "}")
                + (isLevel ? ".rollup(avg," + seconds + ")" : ".as_count().rollup(sum," + seconds + ")");
    }

    /** Returns the texts of several as one. */
    static String text(List<DatadogQuery> queries, long seconds) {
        return queries.stream().map(query -> query.text(seconds)).collect(Collectors.joining(","));
    }
}
