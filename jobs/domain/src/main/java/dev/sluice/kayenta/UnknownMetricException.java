package dev.sluice.kayenta;

/** Values were given of a metric that the config does not have; nothing is judged then. */
public final class UnknownMetricException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownMetricException(String name) {
        super("there are values of a metric that the config does not have: " + name);
    }
}
