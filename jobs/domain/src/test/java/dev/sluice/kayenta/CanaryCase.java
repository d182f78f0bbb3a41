package dev.sluice.kayenta;

import java.util.ArrayList;
import java.util.List;

/** Metrics, each with data that has a certain label. */
final class CanaryCase {
    private final List<MetricConfig> metrics = new ArrayList<>();
    private final List<MetricPair> pairs = new ArrayList<>();

    /** Reads metrics such as {@code a:Pass a,b:High/critical}, or {@code -} for none. */
    static CanaryCase of(String text) {
        var canary = new CanaryCase();
        if (!text.equals("-")) {
            List.of(text.split(" ", -1)).forEach(canary::add);
        }
        return canary;
    }

    private void add(String metric) {
        String name = "m" + (metrics.size() + 1);
        String[] groupsAndRest = metric.split(":", -1);
        List<String> groups = groupsAndRest[0].isEmpty() ? List.of() : List.of(groupsAndRest[0].split(",", -1));
        List<String> rest = List.of(groupsAndRest[1].split("/", -1));
        var settings = new ArrayList<>(rest.subList(1, rest.size()));
        settings.replaceAll(word -> word.equals("mild") ? "criticalIncrease=9" : word);
        switch (rest.get(0)) {
            case "Pass" -> pairs.add(pair(name, "1..10", "1..10"));
            case "High" -> pairs.add(pair(name, "1..10", "11..20"));
            case "Low" -> pairs.add(pair(name, "11..20", "1..10"));
            case "Error" -> pairs.add(pair(name, "5", "7"));
            case "Nodata" -> pairs.add(pair(name, "1..10", "-"));
            case "NodataFailMetric" -> {
                settings.add("mustHaveData");
                pairs.add(pair(name, "1..10", "-"));
            }
            default -> throw new IllegalArgumentException("no label: " + metric);
        }
        metrics.add(Settings.config(name, groups, settings.isEmpty() ? null : String.join(" ", settings)));
    }

    private static MetricPair pair(String name, String baseline, String canary) {
        return new MetricPair(name, Series.list(baseline), Series.list(canary));
    }

    List<MetricConfig> metrics() {
        return metrics;
    }

    List<MetricPair> pairs() {
        return pairs;
    }
}
