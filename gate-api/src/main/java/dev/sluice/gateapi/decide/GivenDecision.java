package dev.sluice.gateapi.decide;

import dev.sluice.gate.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** A decision that stands in the log, as far as callers in other protocols need it. */
public final class GivenDecision {
    private final DecisionRecord record;

    GivenDecision(DecisionRecord record) {
        this.record = record;
    }

    DecisionRecord record() {
        return record;
    }

    /** Returns its id. */
    public String id() {
        return record.id();
    }

    /** Returns the gate's name. */
    public String gate() {
        return record.gate();
    }

    /** Returns what was decided. */
    public Outcome outcome() {
        return Arrays.stream(Outcome.values())
                .filter(outcome -> outcome.wireName().equals(record.decision()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns why, in one sentence. */
    public String reason() {
        return record.reason();
    }

    /** Returns whether it may not be relied on any more. */
    public boolean isExpired(Instant now) {
        return !now.isBefore(record.expiresAt());
    }

    /** Returns whether it was made so long ago. */
    public boolean isOlderThan(Duration age, Instant now) {
        return now.isAfter(record.decidedAt().plus(age));
    }

    /** The id and what was decided. */
    @Override
    public String toString() {
        return "GivenDecision[id=" + record.id() + ", decision=" + record.decision() + "]";
    }
}
