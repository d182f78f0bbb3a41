package dev.sluice.canaryjob.pull;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets only so many things go on at once; others wait for their turn, in order. May be used by several threads. */
final class Turns {
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int free;

    Turns(int atOnce) {
        this.free = atOnce;
    }

    /** Begins a thing, now or when it is its turn; it must {@link #give} its turn back when it is over. */
    void take(Runnable begin) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(begin);
                return;
            }
            free--;
        }
        begin.run();
    }

    /** Gives a turn to who waits longest. */
    void give() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                free++;
                return;
            }
        }
        next.run();
    }
}
