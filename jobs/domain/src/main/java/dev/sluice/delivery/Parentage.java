package dev.sluice.delivery;

/** How the parents of a commit are known; a later constant is better knowledge and replaces an earlier one. */
public enum Parentage {
    /** Nothing has been said of the parents; the walk over the history ends here. */
    UNKNOWN,
    /** The order of a push says what came before it: right on a linear history, a guess across merges. */
    INFERRED,
    /** The source named the parents; none at all means a root commit. */
    EXPLICIT
}
