package dev.sluice.canaryjob.learn;

import dev.sluice.canaryjob.state.Withheld;
import dev.sluice.wire.Keys;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.state.MapState;

/**
 * Of which metrics of the config whose key is current a run is not taught, and why: part of what they did is not here, or cannot be what
 * they are made of. What a run would hold in doubt it does not begin with.
 */
final class WithheldMetrics {
    private static final int MOST_OF_A_REASON = 200;

    private final MapState<String, Withheld> states;

    WithheldMetrics(MapState<String, Withheld> states) {
        this.states = states;
    }

    /**
     * Withholds a metric.
     *
     * @param learned {@link dev.sluice.wire.CanaryConfigs#learned} of the config that it is of
     * @param of the time of which that is so
     */
    void add(String learned, String metric, Withheld of) throws Exception {
        String why = of.why().substring(0, Math.min(of.why().length(), MOST_OF_A_REASON));
        var cut = new Withheld(of.first(), of.last(), why);
        String key = Keys.of(learned, metric);
        Withheld known = states.get(key);
        states.put(key, known == null ? cut : known.and(cut, SavedConfig.KEPT));
    }

    /** Returns why there is nothing of the metrics of which that is so in the time from one moment to another. */
    SortedMap<String, String> between(SavedConfig config, Instant from, Instant to) throws Exception {
        SortedMap<String, String> reasons = new TreeMap<>();
        for (var entry : states.entries()) {
            String[] key = Keys.split(entry.getKey());
            Withheld of = entry.getValue();
            boolean isThen = of.first() < to.toEpochMilli() && of.last() >= from.toEpochMilli();
            if (isThen && key[0].equals(config.learned())) {
                reasons.put(key[1], of.why());
            }
        }
        return reasons;
    }

    /** Forgets what is of other configs. */
    void forgetOthers(SavedConfig config) throws Exception {
        for (var known = states.iterator(); known.hasNext(); ) {
            if (!Keys.split(known.next().getKey())[0].equals(config.learned())) {
                known.remove();
            }
        }
    }
}
