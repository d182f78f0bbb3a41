package dev.sluice.gateapi.report.dora;

import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Svg;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricReport;
import dev.sluice.gateapi.report.dora.DeliveryReport.TrendPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The trend of a metric as a drawing: a line of values in a band of their intervals, a mark where the days of the report
 * begin, an empty circle for what has not ended. Where there is no value there is a gap.
 */
final class TrendChart {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 150;
    private static final int LEFT = 92;
    private static final int RIGHT = 394;
    private static final int TOP = 20;
    private static final int BOTTOM = 126;
    private static final int LABEL_LINE = 144;
    private static final double RADIUS = 2.5;
    /** The axis ends at so many times the greatest value at most: an end of an interval further away is cut. */
    private static final double MOST_OF_INTERVAL = 1.8;

    private static final List<Double> TICKS = List.of(0.0, 0.5, 1.0);

    private final MetricReport metric;
    private final List<TrendPoint> points;
    private final Days days;
    private final double top;

    private TrendChart(MetricReport metric, Days days) {
        this.metric = metric;
        this.points = metric.trend();
        this.days = days;
        this.top = top(points);
    }

    /** Adds the drawing, unless there is nothing to be drawn. */
    static void add(Html html, MetricReport metric, Days days) {
        if (metric.trend().stream().anyMatch(point -> point.value().value() != null)) {
            new TrendChart(metric, days).add(html);
        }
    }

    private static double top(List<TrendPoint> points) {
        double value = greatest(points, Value::value);
        double most = Math.min(greatest(points, Value::upper), MOST_OF_INTERVAL * value);
        double top = Math.max(value, most);
        return top > 0 ? top : 1;
    }

    private static double greatest(List<TrendPoint> points, Function<Value, @Nullable Double> part) {
        double greatest = 0;
        for (TrendPoint point : points) {
            Double found = part.apply(point.value());
            greatest = found == null ? greatest : Math.max(greatest, found);
        }
        return greatest;
    }

    private void add(Html html) {
        String id = "chart-" + metric.metric().wireName();
        html.element(
                "svg",
                Attributes.of("viewBox", "0 0 " + WIDTH + " " + HEIGHT)
                        .and("role", "img")
                        .and("aria-labelledby", id + "-title " + id + "-text"),
                svg -> {
                    svg.element(
                            "title",
                            Attributes.of("id", id + "-title"),
                            title -> title.text(
                                    "Trend of " + metric.metric().title().toLowerCase(Locale.ROOT)));
                    svg.element(
                            "desc",
                            Attributes.of("id", id + "-text"),
                            text -> text.text(metric.sentence() + " The numbers stand in the table below."));
                    axes(svg);
                    band(svg);
                    line(svg);
                    circles(svg);
                });
    }

    private void axes(Html svg) {
        for (double tick : TICKS) {
            double y = y(tick * top);
            shape(
                    svg,
                    "line",
                    Attributes.of("class", "grid")
                            .and("x1", Svg.number(LEFT))
                            .and("x2", Svg.number(RIGHT))
                            .and("y1", Svg.number(y))
                            .and("y2", Svg.number(y)));
            Svg.text(svg, LEFT - 6, y + 4, "end", Amounts.of(metric.unit(), tick * top));
        }
        Svg.text(svg, LEFT, LABEL_LINE, "start", Amounts.day(points.get(0).from()));
        Svg.text(
                svg,
                RIGHT,
                LABEL_LINE,
                "end",
                Amounts.day(points.get(points.size() - 1).to()));
        double begin = beginOfDays();
        shape(
                svg,
                "line",
                Attributes.of("class", "begin")
                        .and("x1", Svg.number(begin))
                        .and("x2", Svg.number(begin))
                        .and("y1", Svg.number(TOP - 8))
                        .and("y2", Svg.number(BOTTOM)));
        Svg.text(svg, begin + 4, TOP - 8, "start", "these days");
    }

    /** Between the last point that begins before the days and the first one that does not. */
    private double beginOfDays() {
        int index = 0;
        while (index < points.size() && points.get(index).from().isBefore(days.from())) {
            index++;
        }
        return x(index - 0.5);
    }

    private void band(Html svg) {
        for (List<Integer> run : runs(index -> bounded(points.get(index)))) {
            var corners = new ArrayList<String>();
            run.forEach(
                    index -> corners.add(corner(index, points.get(index).value().upper())));
            for (int i = run.size() - 1; i >= 0; i--) {
                corners.add(corner(run.get(i), points.get(run.get(i)).value().lower()));
            }
            shape(svg, "polygon", Attributes.of("class", "band").and("points", String.join(" ", corners)));
        }
    }

    private void line(Html svg) {
        for (List<Integer> run : runs(index ->
                points.get(index).value().value() != null && !points.get(index).provisional())) {
            var corners = run.stream()
                    .map(index -> corner(index, points.get(index).value().value()))
                    .toList();
            shape(svg, "polyline", Attributes.of("class", "line").and("points", String.join(" ", corners)));
        }
    }

    private void circles(Html svg) {
        for (int i = 0; i < points.size(); i++) {
            Double value = points.get(i).value().value();
            if (value != null) {
                shape(
                        svg,
                        "circle",
                        Attributes.of("class", points.get(i).provisional() ? "so-far" : "point")
                                .and("cx", Svg.number(x(i)))
                                .and("cy", Svg.number(y(value)))
                                .and("r", Svg.number(RADIUS)));
            }
        }
    }

    private static boolean bounded(TrendPoint point) {
        return !point.provisional()
                && point.value().lower() != null
                && point.value().upper() != null;
    }

    /** Returns the longest runs of points that satisfy the condition. */
    private List<List<Integer>> runs(Function<Integer, Boolean> condition) {
        var runs = new ArrayList<List<Integer>>();
        List<Integer> run = new ArrayList<>();
        for (int i = 0; i <= points.size(); i++) {
            if (i < points.size() && condition.apply(i)) {
                run.add(i);
            } else if (!run.isEmpty()) {
                runs.add(run);
                run = new ArrayList<>();
            }
        }
        return runs;
    }

    private String corner(int index, @Nullable Double value) {
        return Svg.number(x(index)) + "," + Svg.number(y(value == null ? 0 : value));
    }

    private double x(double index) {
        return LEFT + (RIGHT - LEFT) * (index + 0.5) / points.size();
    }

    private double y(double value) {
        return BOTTOM - (BOTTOM - TOP) * Math.min(1, value / top);
    }

    private static void shape(Html svg, String name, Attributes attributes) {
        svg.element(name, attributes, nothing -> {});
    }
}
