package dev.sluice.delivery;

/** What one observation says about a pull request (a merge request, a change). */
public enum PullRequestState {
    /** It was opened; where it was opened as a draft, it is not ready yet. */
    OPENED(true),
    /** It is ready for review. */
    READY(true),
    /** Another human than its author reviewed it. */
    REVIEWED(true),
    /** It was merged. */
    MERGED(true),
    /** It was closed without a merge. */
    CLOSED(true),
    /** The source, or a correction, says that there was no such pull request. */
    DELETED(true),
    /** Says nothing of the state: a later word on what the pull request was, e.g. its commits. */
    AMENDED(false);

    private final boolean showsPullRequest;

    PullRequestState(boolean showsPullRequest) {
        this.showsPullRequest = showsPullRequest;
    }

    /** Returns whether an observation of this state shows that there is, or was, such a pull request. */
    public boolean showsPullRequest() {
        return showsPullRequest;
    }
}
