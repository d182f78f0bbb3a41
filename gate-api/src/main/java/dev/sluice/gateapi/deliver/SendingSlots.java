package dev.sluice.gateapi.deliver;

import java.util.HashMap;
import java.util.Map;

/** Bounds how many messages are on their way, in all and to each endpoint: one that does not answer holds up no other. For any thread. */
public final class SendingSlots {
    private final int most;
    private final int mostOfOne;
    private final Map<String, Integer> taken = new HashMap<>();
    private int all;

    /**
     * Creates slots, all of them free.
     *
     * @param most how many there are
     * @param mostOfOne how many of them one endpoint may have
     */
    public SendingSlots(int most, int mostOfOne) {
        this.most = most;
        this.mostOfOne = mostOfOne;
    }

    /** Returns whether an endpoint may have one more. */
    public synchronized boolean isFree(String endpoint) {
        return all < most && taken.getOrDefault(endpoint, 0) < mostOfOne;
    }

    /** Takes one, whether there is one or not. */
    public synchronized void take(String endpoint) {
        taken.merge(endpoint, 1, Integer::sum);
        all++;
    }

    /** Gives back one that was taken. */
    public synchronized void free(String endpoint) {
        taken.computeIfPresent(endpoint, (key, count) -> count == 1 ? null : count - 1);
        all--;
    }
}
