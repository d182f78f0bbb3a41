package dev.sluice.canary;

import dev.sluice.statistics.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is found of a metric by segment at the end of a bucket: it explores, and decides nothing. Of the segments that are named as
 * worse at most alpha are expected to be named in error, however they depend on each other.
 *
 * @param segments one of each segment, by the evidence against it, the most first
 * @param leftOut how many further segments were seen and not looked at
 */
public record SegmentFindings(List<Finding> segments, int leftOut) {
    private static final int MOST_NAMED = 5;

    public SegmentFindings {
        segments = List.copyOf(segments);
    }

    /**
     * What is found of a segment.
     *
     * @param segment its name
     * @param worse whether it is named as beyond what is tolerated
     * @param logE ln of the evidence of the whole run that it is
     * @param estimate the canary's value by the baseline's; null where there is none
     * @param interval a confidence sequence of it
     * @param baseline what was counted
     * @param canary what was counted
     */
    public record Finding(
            String segment,
            boolean worse,
            double logE,
            @Nullable Double estimate,
            Interval interval,
            ArmCounts baseline,
            ArmCounts canary) {}

    /** Returns those that are named as worse. */
    public List<Finding> worse() {
        return segments.stream().filter(Finding::worse).toList();
    }

    /** Returns what is said of a metric in words; empty where no segment is worse. */
    String note(String metric) {
        List<Finding> worse = worse();
        if (worse.isEmpty()) {
            return "";
        }
        var text =
                new StringBuilder(metric + ": worse now in " + worse.size() + " of " + segments.size() + " segments: ");
        for (int i = 0; i < Math.min(MOST_NAMED, worse.size()); i++) {
            Finding finding = worse.get(i);
            text.append(i == 0 ? "" : ", ")
                    .append(finding.segment())
                    .append(" (")
                    .append(finding.estimate() == null ? "" : Words.number(finding.estimate()) + " times as much, ")
                    .append("e = ")
                    .append(Words.eValue(finding.logE()))
                    .append(')');
        }
        return text.append(worse.size() > MOST_NAMED ? " and others" : "").toString();
    }
}
