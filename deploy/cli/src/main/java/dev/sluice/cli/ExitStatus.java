package dev.sluice.cli;

/** What a command's exit status means. */
final class ExitStatus {
    /** Done; for {@code gate}: go; for {@code judge}: Successful. */
    static final int OK = 0;
    /** The command could not do what it was asked. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** {@code gate}: no-go; {@code judge}: Failed. */
    static final int NO_GO = 10;
    /** {@code gate}: not yet; {@code judge}: Inconclusive. */
    static final int NOT_YET = 11;

    private ExitStatus() {}
}
