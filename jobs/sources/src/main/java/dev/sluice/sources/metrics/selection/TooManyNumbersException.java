package dev.sluice.sources.metrics.selection;

/** A run, or a config that learns, selects more numbers of a source of metrics than may be taken at once. */
public final class TooManyNumbersException extends RuntimeException {
    TooManyNumbersException(String who) {
        super("the " + who + " selects too many series, or histograms with too many bounds");
    }
}
