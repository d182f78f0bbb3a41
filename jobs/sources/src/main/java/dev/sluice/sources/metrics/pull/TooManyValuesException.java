package dev.sluice.sources.metrics.pull;

/** A query has more of an answer than is taken. The message says of what, as what follows "the query". */
public final class TooManyValuesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyValuesException(String message) {
        super(message);
    }
}
