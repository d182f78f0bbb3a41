package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makers of checks for drift. */
public final class CheckFixture {
    /** What is checked unless another resource is told. */
    public static final String RESOURCE = "stack";

    private CheckFixture() {}

    /** Begins a check that saw no drift, by the detector {@code terraform}. */
    public static Check checked(String id, Instant at) {
        return new Check(id, at);
    }

    /** A check in the making. */
    public static final class Check {
        private final String id;
        private final Instant at;
        private @Nullable String eventId;
        private String detector = "terraform";
        private String resource = RESOURCE;
        private boolean drifted;
        private @Nullable String fingerprint;
        private @Nullable Duration interval;
        private long revision;
        private boolean deleted;

        private Check(String id, Instant at) {
            this.id = id;
            this.at = at;
        }

        public Check eventId(String value) {
            eventId = value;
            return this;
        }

        public Check by(String value) {
            detector = value;
            return this;
        }

        public Check of(String value) {
            resource = value;
            return this;
        }

        /** Saw drift, but not what. */
        public Check drifted() {
            drifted = true;
            return this;
        }

        /** Saw this drift. */
        public Check drifted(String value) {
            fingerprint = value;
            return drifted();
        }

        public Check interval(Duration value) {
            interval = value;
            return this;
        }

        public Check revision(long value) {
            revision = value;
            return this;
        }

        public Check deleted() {
            deleted = true;
            return this;
        }

        public DriftChecked build() {
            String event = eventId == null
                    ? EventIds.of(id, at.toString(), Long.toString(revision), deleted + " " + drifted + " " + resource)
                    : eventId;
            return new DriftChecked(
                    new EventHeader(event, TENANT, detector, "d-0-1", at, at.plusSeconds(2)),
                    id,
                    SERVICE,
                    ENVIRONMENT,
                    resource,
                    drifted,
                    fingerprint,
                    interval,
                    revision,
                    deleted);
        }
    }
}
