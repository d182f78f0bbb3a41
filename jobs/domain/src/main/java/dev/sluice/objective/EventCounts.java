package dev.sluice.objective;

import java.math.BigDecimal;
import java.util.Locale;

/**
 * How many events were good. The burn rate is the share of bad events over the share that an objective allows: at 1 the budget is gone
 * when the objective's period is over, at 2 in half of it.
 *
 * <p>Source: <a href="https://sre.google/workbook/alerting-on-slos/">The Site Reliability Workbook, chapter 5</a>.
 *
 * @param good how many were good
 * @param total how many there were
 */
public record EventCounts(long good, long total) {
    /** Returns whether there can be such counts. */
    public boolean arePossible() {
        return good >= 0 && good <= total;
    }

    /** Returns how many were bad. */
    public long bad() {
        return total - good;
    }

    /** Returns the burn rate for people; 0 where nothing happened. To compare it with a limit see {@link #compareBurn}. */
    public double burnRate(double objective) {
        return total == 0 ? 0 : bad() / (total * (1 - objective));
    }

    /**
     * Compares the burn rate with a limit, exactly as both are written: 10 bad ones of 100 burn the budget of 0.9 at 1.
     *
     * @param objective the share of good events that is promised, above 0 and below 1
     * @param rate the limit
     * @return below 0 where it burns more slowly, 0 where it burns at the limit, above 0 where it burns faster
     */
    public int compareBurn(double objective, double rate) {
        BigDecimal allowed = BigDecimal.ONE.subtract(BigDecimal.valueOf(objective));
        return BigDecimal.valueOf(bad())
                .compareTo(BigDecimal.valueOf(rate).multiply(allowed).multiply(BigDecimal.valueOf(total)));
    }

    /** E.g. {@code 40 of 10000 events were bad}. */
    public String words() {
        return String.format(Locale.ROOT, "%d of %d events were bad", bad(), total);
    }
}
