package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.header;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makers of observations of incidents. */
public final class IncidentFixture {
    private IncidentFixture() {}

    /** Begins an observation of an incident of the one service, in the one environment, that the tests know. */
    public static Said said(String incidentId, IncidentState state, Instant at) {
        return new Said(incidentId, state, at);
    }

    /** An observation in the making. */
    public static final class Said {
        private final String incidentId;
        private final IncidentState state;
        private final Instant at;
        private @Nullable String service = SERVICE;
        private @Nullable String environment = ENVIRONMENT;
        private long revision;
        private int rank;
        private @Nullable Instant startedAt;
        private @Nullable Instant resolvedAt;
        private @Nullable String severity;
        private @Nullable Boolean changeCaused;
        private @Nullable List<String> deployments;
        private @Nullable String repository;
        private @Nullable String rootCause;

        private Said(String incidentId, IncidentState state, Instant at) {
            this.incidentId = incidentId;
            this.state = state;
            this.at = at;
        }

        public Said of(@Nullable String itsService, @Nullable String itsEnvironment) {
            service = itsService;
            environment = itsEnvironment;
            return this;
        }

        public Said revision(long value) {
            revision = value;
            return this;
        }

        public Said rank(int value) {
            rank = value;
            return this;
        }

        public Said startedAt(Instant value) {
            startedAt = value;
            return this;
        }

        public Said resolvedAt(Instant value) {
            resolvedAt = value;
            return this;
        }

        public Said severity(String value) {
            severity = value;
            return this;
        }

        public Said changeCaused(boolean value) {
            changeCaused = value;
            return this;
        }

        public Said causedBy(String... references) {
            deployments = List.of(references);
            return this;
        }

        public Said rootCause(String itsRepository, String sha) {
            repository = itsRepository;
            rootCause = sha;
            return this;
        }

        public IncidentObserved build() {
            String id = EventIds.of(incidentId, state.name(), at.toString(), Long.toString(revision));
            return new IncidentObserved(
                    header(id, at),
                    incidentId,
                    service,
                    environment,
                    state,
                    revision,
                    rank,
                    startedAt,
                    resolvedAt,
                    severity,
                    changeCaused,
                    deployments,
                    repository,
                    rootCause,
                    null,
                    null);
        }
    }
}
