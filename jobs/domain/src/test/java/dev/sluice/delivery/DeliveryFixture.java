package dev.sluice.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Named instants and makers of events. */
public final class DeliveryFixture {
    /** Monday, 2025-03-03, noon UTC. */
    public static final Instant BEGINNING = Instant.parse("2025-03-03T12:00:00Z");

    public static final String TENANT = "default";
    public static final String SERVICE = "shop";
    public static final String ENVIRONMENT = "production";
    public static final String REPOSITORY = "acme/shop";

    private DeliveryFixture() {}

    /** Begins an observation of the deployment with this id. */
    public static Observation observed(String deploymentId, DeploymentState state, Instant at) {
        return new Observation(deploymentId, state, at);
    }

    /** A commit whose source named the parents. */
    public static CommitRecorded commit(String sha, Instant authoredAt, String... parents) {
        return commit(sha, authoredAt, Parentage.EXPLICIT, parents);
    }

    /** A commit of given parentage. */
    public static CommitRecorded commit(String sha, Instant authoredAt, Parentage parentage, String... parents) {
        String id = EventIds.of("commit", sha, parentage.name(), String.join(" ", parents), authoredAt.toString());
        return new CommitRecorded(
                header(id, authoredAt),
                REPOSITORY,
                sha,
                List.of(parents),
                parentage,
                authoredAt,
                null,
                List.of(),
                null);
    }

    /** A commit of which it is known whose files it touches. */
    public static CommitRecorded touching(List<String> services, String sha, Instant authoredAt, String... parents) {
        CommitRecorded plain = commit(sha, authoredAt, parents);
        return new CommitRecorded(
                header(EventIds.of("touching", plain.header().id(), services.toString()), authoredAt),
                REPOSITORY,
                sha,
                plain.parents(),
                plain.parentage(),
                authoredAt,
                null,
                List.of(),
                null,
                services);
    }

    /** A commit that takes another back. */
    public static CommitRecorded revert(String sha, Instant authoredAt, String reverted, String parent) {
        CommitRecorded plain = commit(sha, authoredAt, parent);
        return new CommitRecorded(
                plain.header(),
                REPOSITORY,
                sha,
                plain.parents(),
                plain.parentage(),
                authoredAt,
                null,
                List.of(reverted),
                null);
    }

    /** A header of the one source that the tests know. */
    static EventHeader header(String id, Instant occurredAt) {
        return new EventHeader(id, TENANT, "test", "d-0-1", occurredAt, occurredAt.plusSeconds(2));
    }

    /** An observation in the making. */
    public static final class Observation {
        private final String deploymentId;
        private final DeploymentState state;
        private final Instant at;
        private @Nullable String eventId;
        private String service = SERVICE;
        private String environment = ENVIRONMENT;
        private long revision;
        private int rank;
        private @Nullable Instant queuedAt;
        private @Nullable Instant startedAt;
        private @Nullable String version;
        private @Nullable String repository;
        private @Nullable String sha;
        private @Nullable String digest;
        private @Nullable String remediates;
        private @Nullable DeploymentKind statedKind;
        private @Nullable Boolean planned;
        private @Nullable Boolean impact;

        private Observation(String deploymentId, DeploymentState state, Instant at) {
            this.deploymentId = deploymentId;
            this.state = state;
            this.at = at;
        }

        public Observation eventId(String value) {
            eventId = value;
            return this;
        }

        public Observation in(String serviceName, String environmentName) {
            service = serviceName;
            environment = environmentName;
            return this;
        }

        public Observation revision(long value) {
            revision = value;
            return this;
        }

        public Observation rank(int value) {
            rank = value;
            return this;
        }

        public Observation queuedAt(Instant value) {
            queuedAt = value;
            return this;
        }

        public Observation startedAt(Instant value) {
            startedAt = value;
            return this;
        }

        public Observation version(String value) {
            version = value;
            return this;
        }

        /** Of this commit of {@link #REPOSITORY}. */
        public Observation sha(String value) {
            repository = REPOSITORY;
            sha = value;
            return this;
        }

        /** Of another repository than {@link #REPOSITORY}. */
        public Observation repository(String value) {
            repository = value;
            return this;
        }

        public Observation digest(String value) {
            digest = value;
            return this;
        }

        public Observation remediates(String value) {
            remediates = value;
            return this;
        }

        public Observation statedKind(DeploymentKind value) {
            statedKind = value;
            return this;
        }

        public Observation planned(boolean value) {
            planned = value;
            return this;
        }

        public Observation impact(boolean value) {
            impact = value;
            return this;
        }

        public DeploymentObserved build() {
            String id = eventId == null
                    ? EventIds.of(deploymentId, state.name(), at.toString(), Long.toString(revision))
                    : eventId;
            return new DeploymentObserved(
                    header(id, at),
                    deploymentId,
                    service,
                    environment,
                    state,
                    revision,
                    rank,
                    queuedAt,
                    startedAt,
                    version,
                    repository,
                    sha,
                    digest,
                    null,
                    remediates,
                    statedKind,
                    planned,
                    impact);
        }
    }
}
