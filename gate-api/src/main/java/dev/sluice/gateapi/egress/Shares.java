package dev.sluice.gateapi.egress;

import java.util.HashMap;
import java.util.Map;

/** How much each has under way of what all have to share: nobody more than a share of it. For any thread. */
public final class Shares {
    private final int share;
    private final Map<String, Integer> taken = new HashMap<>();

    /**
     * Creates them, with nothing under way.
     *
     * @param share most that one may have under way
     */
    public Shares(int share) {
        this.share = share;
    }

    /**
     * Takes some of somebody's share; who has it gives it back when it is over.
     *
     * @return whether so much was left
     */
    public synchronized boolean take(String whose, int amount) {
        int after = taken.getOrDefault(whose, 0) + amount;
        if (after > share) {
            return false;
        }
        taken.put(whose, after);
        return true;
    }

    /** Gives back what was taken. */
    public synchronized void give(String whose, int amount) {
        taken.computeIfPresent(whose, (same, before) -> before == amount ? null : before - amount);
    }
}
