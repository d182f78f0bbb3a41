package dev.sluice.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makers of observations of pull requests. */
public final class PullRequestFixture {
    private PullRequestFixture() {}

    /** Begins an observation of the pull request of {@link DeliveryFixture#REPOSITORY} with this id. */
    public static Observation pullRequest(String id, PullRequestState state, Instant at) {
        return new Observation(id, state, at);
    }

    /** An observation in the making. */
    public static final class Observation {
        private final String id;
        private final PullRequestState state;
        private final Instant at;
        private @Nullable String eventId;
        private String repository = DeliveryFixture.REPOSITORY;
        private long revision;
        private @Nullable Boolean draft;
        private @Nullable List<PullRequestObserved.Commit> commits;
        private @Nullable Instant firstCommitAt;
        private @Nullable String headSha;
        private @Nullable String mergeSha;
        private @Nullable String cherryPickOf;
        private @Nullable String title;

        private Observation(String id, PullRequestState state, Instant at) {
            this.id = id;
            this.state = state;
            this.at = at;
        }

        public Observation eventId(String value) {
            eventId = value;
            return this;
        }

        public Observation repository(String value) {
            repository = value;
            return this;
        }

        public Observation revision(long value) {
            revision = value;
            return this;
        }

        public Observation draft(boolean value) {
            draft = value;
            return this;
        }

        /** Lists its commits, which were authored at these times. */
        public Observation commits(Instant... authoredAt) {
            var listed = new ArrayList<PullRequestObserved.Commit>();
            for (Instant authored : authoredAt) {
                listed.add(new PullRequestObserved.Commit(id + "~" + listed.size(), authored));
            }
            commits = listed;
            return this;
        }

        public Observation firstCommitAt(Instant value) {
            firstCommitAt = value;
            return this;
        }

        public Observation headSha(String value) {
            headSha = value;
            return this;
        }

        public Observation mergeSha(String value) {
            mergeSha = value;
            return this;
        }

        public Observation cherryPickOf(String value) {
            cherryPickOf = value;
            return this;
        }

        public Observation title(String value) {
            title = value;
            return this;
        }

        public PullRequestObserved build() {
            String event = eventId == null
                    ? EventIds.of(repository, id, state.name(), at.toString(), Long.toString(revision))
                    : eventId;
            return new PullRequestObserved(
                    DeliveryFixture.header(event, at),
                    repository,
                    id,
                    state,
                    revision,
                    draft,
                    commits,
                    firstCommitAt,
                    headSha,
                    mergeSha,
                    cherryPickOf,
                    title);
        }
    }
}
