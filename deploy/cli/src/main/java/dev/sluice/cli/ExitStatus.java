package dev.sluice.cli;

/** What a command's exit status means. */
final class ExitStatus {
    /** Done; for {@code gate}: go. */
    static final int OK = 0;
    /** The command could not do what it was asked. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** {@code gate}: no-go. */
    static final int NO_GO = 10;
    /** {@code gate}: not yet. */
    static final int NOT_YET = 11;

    private ExitStatus() {}
}
