package dev.sluice.cli.judge;

import dev.sluice.canary.ArmCounts;
import dev.sluice.canary.MetricReading;
import dev.sluice.canary.MetricVerdict;
import dev.sluice.canary.Words;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A judgement for people. */
public final class JudgementText {
    /** The columns of the table. */
    public static final List<String> HEADER = List.of(
            "METRIC",
            "KIND",
            "VERDICT",
            "BASELINE",
            "CANARY",
            "ESTIMATE",
            "INTERVAL",
            "TOLERANCE",
            "MARGIN",
            "E FAIL",
            "E PASS");

    private static final MathContext DIGITS = new MathContext(4);

    private JudgementText() {}

    /** Returns a row of each metric. */
    public static List<List<String>> rows(Judgement judgement) {
        return judgement.verdict().metrics().stream().map(JudgementText::row).toList();
    }

    private static List<String> row(MetricVerdict verdict) {
        MetricReading reading = verdict.reading();
        return List.of(
                reading.metric().name(),
                reading.metric().kind(),
                verdict.state().label(),
                counts(reading.baseline()),
                counts(reading.canary()),
                number(reading.estimate()),
                "[" + number(reading.interval().lower()) + ", "
                        + number(reading.interval().upper()) + "]",
                allowed(
                        reading.metric().tolerance().relative(),
                        reading.metric().tolerance().absolute()),
                allowed(
                        reading.metric().margin().relative(),
                        reading.metric().margin().absolute()),
                Words.eValue(reading.evidence().fail()),
                Words.eValue(reading.evidence().pass()));
    }

    /** Returns the reasons of the verdict, what is known of each metric that they do not name, and the notes. */
    public static List<String> reasons(Judgement judgement) {
        var lines = new ArrayList<String>(judgement.verdict().reasons());
        for (MetricVerdict metric : judgement.verdict().metrics()) {
            String name = metric.reading().metric().name() + ": ";
            boolean isNamed = lines.stream().anyMatch(line -> line.startsWith(name));
            if (!isNamed) {
                lines.add(name + metric.reason());
            } else {
                metric.reading().notes().forEach(note -> lines.add("note: " + name + note));
            }
        }
        judgement.notes().forEach(note -> lines.add("note: " + note));
        return lines;
    }

    private static String counts(ArmCounts counts) {
        return counts.events() == null ? number(counts.n()) : number(counts.events()) + "/" + number(counts.n());
    }

    private static String allowed(double relative, double absolute) {
        if (absolute == 0) {
            return number(relative);
        }
        return relative == 0 ? "+" + number(absolute) : number(relative) + "+" + number(absolute);
    }

    private static String number(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.format(Locale.ROOT, "%,d", value.longValue())
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
    }
}
