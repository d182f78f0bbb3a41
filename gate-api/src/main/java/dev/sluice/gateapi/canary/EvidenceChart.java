package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.canary.EvidenceHistory.Point;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Svg;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The evidence of a metric as a drawing: how far it is on the way to a proof of a failure, and to one of a pass; a proof is at the
 * line of 100 %.
 */
final class EvidenceChart {
    private static final int WIDTH = 400;
    private static final int HEIGHT = 150;
    private static final int LEFT = 48;
    private static final int RIGHT = 394;
    private static final int TOP = 12;
    private static final int BOTTOM = 126;
    private static final int LABEL_LINE = 144;
    private static final double LEAST = -0.5;
    private static final double GREATEST = 1.25;
    private static final double[] TICKS = {0, 0.5, 1};
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final List<Point> points;
    private final double toFail;
    private final double toPass;

    private EvidenceChart(List<Point> points, double toFail, double toPass) {
        this.points = points;
        this.toFail = toFail;
        this.toPass = toPass;
    }

    /**
     * Adds the drawing, unless there is nothing to be drawn.
     *
     * @param metric its name
     * @param points in the order of time
     * @param toFail ln of the evidence that proves a failure
     * @param toPass ln of the evidence that proves a pass
     */
    static void add(Html html, String metric, List<Point> points, double toFail, double toPass) {
        if (points.size() > 1 && toFail > 0 && toPass > 0) {
            new EvidenceChart(points, toFail, toPass).add(html, metric);
        }
    }

    private void add(Html html, String metric) {
        Point last = points.get(points.size() - 1);
        html.element("figure", figure -> {
            figure.element(
                    "svg",
                    Attributes.of("viewBox", "0 0 " + WIDTH + " " + HEIGHT)
                            .and("role", "img")
                            .and(
                                    "aria-label",
                                    "Evidence of " + metric + ": " + percent(last.fail() / toFail)
                                            + " of a proof of a failure, " + percent(last.pass() / toPass)
                                            + " of a proof of a pass"),
                    svg -> {
                        axes(svg);
                        line(svg, "band-line", point -> point.pass() / toPass);
                        line(svg, "line", point -> point.fail() / toFail);
                    });
            figure.element(
                    "figcaption",
                    "How far the evidence is on the way to a proof, at 100 %: of a failure the strong line, of a pass (of this stage) "
                            + "the dashed one.");
        });
    }

    private static String percent(double share) {
        return Math.round(100 * Math.max(0, Math.min(9.99, share))) + " %";
    }

    private void axes(Html svg) {
        for (double tick : TICKS) {
            svg.element(
                    "line",
                    Attributes.of("class", tick == 1 ? "begin" : "grid")
                            .and("x1", Svg.number(LEFT))
                            .and("x2", Svg.number(RIGHT))
                            .and("y1", Svg.number(y(tick)))
                            .and("y2", Svg.number(y(tick))),
                    nothing -> {});
            Svg.text(svg, LEFT - 6, y(tick) + 4, "end", Math.round(100 * tick) + " %");
        }
        Svg.text(svg, LEFT, LABEL_LINE, "start", TIME.format(points.get(0).at()));
        Svg.text(
                svg,
                RIGHT,
                LABEL_LINE,
                "end",
                TIME.format(points.get(points.size() - 1).at()) + " UTC");
    }

    private void line(Html svg, String style, ToDoubleFunction<Point> share) {
        List<String> corners = new ArrayList<>();
        for (Point point : points) {
            double value = share.applyAsDouble(point);
            if (!Double.isNaN(value)) {
                corners.add(Svg.number(x(point.at())) + "," + Svg.number(y(value)));
            }
        }
        svg.element("polyline", Attributes.of("class", style).and("points", String.join(" ", corners)), nothing -> {});
    }

    private double x(Instant at) {
        double first = points.get(0).at().toEpochMilli();
        double last = points.get(points.size() - 1).at().toEpochMilli();
        return LEFT + (RIGHT - LEFT) * (at.toEpochMilli() - first) / Math.max(1, last - first);
    }

    private static double y(double share) {
        double within = Math.max(LEAST, Math.min(GREATEST, share));
        return BOTTOM - (BOTTOM - TOP) * (within - LEAST) / (GREATEST - LEAST);
    }
}
