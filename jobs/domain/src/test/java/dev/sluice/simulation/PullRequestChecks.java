package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.dora.DeliveryMetrics.PullRequestLeadTime;
import dev.sluice.dora.PullRequestFact;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares what the stream says of pull requests with what the oracle says. */
public final class PullRequestChecks {
    /** A microsecond, in milliseconds. */
    private static final double CLOSE = 1e-3;

    private PullRequestChecks() {}

    /** Asserts that the metrics are the oracle's numbers, and that the stages sum to the whole. */
    static void assertSame(String what, PullRequestLeadTime actual, PullRequestOracle.Numbers expected) {
        List<Long> leads = expected.leadTimes();
        int n = leads.size();
        assertThat(List.of(actual.n(), actual.withoutCommits(), actual.clockSkew(), actual.deployedBeforeMerge()))
                .as("%s: pull requests, without commits, skew, deployed before merge", what)
                .isEqualTo(List.of(n, expected.withoutCommits(), expected.clockSkew(), expected.deployedBeforeMerge()));
        assertThat(actual.reason()).as(what).isEqualTo(n == 0 ? "no_pull_requests" : null);
        var times = new BatchOracle.Times(leads);
        assertClose(what + ": pull request median", actual.medianMs(), times.percentile(50));
        assertClose(what + ": pull request p90", actual.p90Ms(), times.percentile(90));
        assertClose(what + ": pull request mean", actual.meanMs(), times.mean());
        assertClose(what + ": coding", actual.codingMeanMs(), mean(expected.codingMs(), n));
        assertClose(what + ": pickup", actual.pickupMeanMs(), mean(expected.pickupMs(), n));
        assertClose(what + ": review", actual.reviewMeanMs(), mean(expected.reviewMs(), n));
        assertClose(what + ": deploy", actual.deployMeanMs(), mean(expected.deployMs(), n));
        IntervalChecks.assertMedian(what + ": pull request", actual.medianInterval(), leads);
        if (n > 0) {
            double stages = Objects.requireNonNull(actual.codingMeanMs())
                    + Objects.requireNonNull(actual.pickupMeanMs())
                    + Objects.requireNonNull(actual.reviewMeanMs())
                    + Objects.requireNonNull(actual.deployMeanMs());
            assertClose(what + ": sum of the stages", stages, actual.meanMs());
        }
    }

    /** Returns a fact as the oracle writes it. */
    public static String line(PullRequestFact fact) {
        String stages = fact.counted()
                ? fact.leadTimeMs() + " = " + fact.codingMs() + " " + fact.pickupMs() + " " + fact.reviewMs() + " "
                        + fact.deployMs()
                : String.valueOf(fact.excludedReason());
        return fact.repository() + "#" + fact.id() + " " + fact.title() + " " + fact.deploymentId() + " "
                + fact.firstCommitAt() + " " + fact.readyAt() + " " + fact.firstReviewAt() + " " + fact.mergedAt()
                + " " + fact.finishedAt() + " " + stages + " " + fact.flags();
    }

    private static @Nullable Double mean(long sum, int n) {
        return n == 0 ? null : Double.valueOf(sum / (double) n);
    }

    private static void assertClose(String what, @Nullable Double actual, @Nullable Double expected) {
        if (expected == null || actual == null) {
            assertThat(actual).as(what).isEqualTo(expected);
        } else {
            assertThat(actual).as(what).isCloseTo(expected, within(CLOSE));
        }
    }
}
