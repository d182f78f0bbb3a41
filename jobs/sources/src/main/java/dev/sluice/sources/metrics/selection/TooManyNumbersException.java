package dev.sluice.sources.metrics.selection;

/** A run selects more numbers of a source of metrics than may be taken at once. */
public final class TooManyNumbersException extends RuntimeException {
    TooManyNumbersException(String run) {
        super("the run " + run + " selects too many series, or histograms with too many bounds");
    }
}
