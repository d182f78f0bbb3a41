package dev.sluice.gateapi.deliver;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What is done about one message. For one thread, but for {@link #answered}. */
public final class Try {
    private final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
    private int count;
    private volatile boolean sending;
    private Instant next = Instant.MIN;
    private boolean over;
    private @Nullable Answer last;

    /**
     * Begins where another replica may have ended.
     *
     * @param count how often it was sent
     */
    public Try(int count) {
        this.count = count;
    }

    /** Returns whether an answer is awaited. */
    public boolean isSending() {
        return sending;
    }

    /** Returns how often it was sent. */
    public int count() {
        return count;
    }

    /** Returns whether it may be sent by now. */
    public boolean isDue(Instant now) {
        return !now.isBefore(next);
    }

    /** It is sent. */
    public void begin() {
        count++;
        sending = true;
    }

    /** There is an answer; from any thread. */
    public void answered(Answer heard) {
        answer.set(heard);
        sending = false;
    }

    /** Returns the answer that came, once; null where none has. */
    @Nullable
    public Answer takeAnswer() {
        return answer.getAndSet(null);
    }

    /** It is sent again, not before that moment. */
    public void wait(Answer heard, Instant until) {
        last = heard;
        next = until;
    }

    /** It is not sent before that moment. */
    public void postpone(Instant until) {
        next = until;
    }

    /** It is not sent again; this is what came of it. */
    public void end(Answer heard) {
        last = heard;
        over = true;
    }

    /** Returns whether it is not sent again. */
    public boolean isOver() {
        return over;
    }

    /** Returns what came of it last. */
    public Answer last() {
        return requireNonNull(last, "nothing was heard");
    }

    /** What came of it was said to the log; again at that moment, unless somebody has heard it. */
    public void said(Instant again) {
        if (over) {
            next = again;
        }
    }

    /** Returns whether what came of it is to be said to the log once more. */
    public boolean isToBeSaidAgain(Instant now) {
        return over && !now.isBefore(next);
    }
}
