package dev.sluice.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the person at the terminal what happens; everything is in the log too. */
final class Announcer {
    private static final Logger LOGGER = LoggerFactory.getLogger(Announcer.class);

    private final PrintStream out;
    private volatile boolean silent;

    Announcer(PrintStream out) {
        this.out = out;
    }

    /** Tells that something works. */
    void ok(String text) {
        line("[ok]   " + text);
    }

    /** Tells that something works, and how long it took since {@code startedNanos}. */
    void ok(String text, long startedNanos) {
        double seconds = Duration.ofNanos(System.nanoTime() - startedNanos).toMillis() / 1e3;
        ok(String.format(Locale.ROOT, "%s (%.1f s)", text, seconds));
    }

    /** Tells that something is under way. */
    void busy(String text) {
        line("[..]   " + text);
    }

    /** Tells that something went wrong and what is done about it. */
    void warn(String text) {
        line("[warn] " + text);
    }

    /** Tells that something went wrong for good. */
    void failed(String text) {
        line("[fail] " + text);
    }

    /** Prints a line as it is. */
    void line(String text) {
        LOGGER.atInfo().addKeyValue("text", text).log("announced");
        if (!silent) {
            out.println(text);
        }
    }

    /** Says no more for now: what fails, fails because Sluice stops. It is still in the log. */
    void fallSilent() {
        silent = true;
    }

    /** Ends the silence. */
    void speak() {
        silent = false;
    }
}
