package dev.sluice.cli;

/** Names of the system properties by which the launcher tells what it knows. */
final class SystemProperties {
    /** The directory of the checkout. */
    static final String ROOT = "sluice.root";
    /** The commit that was built; absent or empty where that is not known. */
    static final String COMMIT = "sluice.commit";
    /** {@code true} if standard output is a terminal. */
    static final String OUTPUT_IS_TERMINAL = "sluice.stdout.terminal";
    /** {@code true} if standard error is a terminal. */
    static final String ERROR_IS_TERMINAL = "sluice.stderr.terminal";

    private SystemProperties() {}
}
