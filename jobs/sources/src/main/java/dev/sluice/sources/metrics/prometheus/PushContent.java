package dev.sluice.sources.metrics.prometheus;

import dev.sluice.sources.metrics.ElementBudget;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.PushLimits;
import java.util.ArrayList;
import java.util.List;

/** What has been read of a push so far. */
final class PushContent {
    private final ElementBudget budget;
    private final List<MetricSeries> series = new ArrayList<>();
    private String pointer = "";
    private int begun;
    private int samples;
    private int histograms;
    private int exemplars;

    PushContent(PushLimits limits) {
        this.budget = new ElementBudget(limits);
    }

    ElementBudget budget() {
        return budget;
    }

    /** Returns the JSON pointer to what is being read. */
    String pointer() {
        return pointer;
    }

    /** Begins the next series. */
    TimeSeries begin() {
        pointer = "/timeseries/" + begun;
        begun++;
        return new TimeSeries(pointer, budget);
    }

    /** Adds the series that was begun, of which all has been read. */
    void end(TimeSeries read) {
        read.toSeries().ifPresent(series::add);
        samples += read.samples();
        histograms += read.histograms();
        exemplars += read.exemplars();
        pointer = "";
    }

    RemoteWritePush push() {
        return new RemoteWritePush(series, samples, histograms, exemplars);
    }
}
