package dev.sluice.gateapi;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands until it is moved. */
public final class MovableClock extends Clock {
    private volatile Instant now;

    /** Creates one that stands at a moment. */
    public MovableClock(Instant now) {
        this.now = now;
    }

    /** Moves it. */
    public void pass(Duration by) {
        now = now.plus(by);
    }

    /** Sets it. */
    public void set(Instant moment) {
        now = moment;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
