package dev.sluice.gateapi.governance;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What somebody says of a service, as it is kept. */
interface Statement {
    /** Returns the service. */
    String service();

    /** Returns when it was so. */
    Instant at();

    /** Returns from when on it is kept no longer. */
    default Instant keptUntil() {
        return at().plus(Duration.ofDays(90));
    }

    /** Returns what it is kept by: what is said later of the same takes its place. */
    String id();

    /**
     * Returns normally if a credential may say it.
     *
     * @throws dev.sluice.gateapi.http.ApiException 403 if not
     */
    void requireReach(Principal principal);

    /** Returns the JSON that it is kept as. */
    default JsonNode json() {
        return Json.mapper().valueToTree(this);
    }

    private static String hashed(@Nullable String... parts) {
        var filled = new String[parts.length];
        for (int i = 0; i < parts.length; i++) {
            filled[i] = parts[i] == null ? "" : parts[i];
        }
        return Sha256.hex(Keys.of(filled)).substring(0, 32);
    }

    /**
     * What came out when a version was tried.
     *
     * @param service the service
     * @param environment where it was tried
     * @param version of what
     * @param digest of what
     * @param kind how, e.g. {@code smoke}
     * @param result running, passed or failed
     * @param url where more is to be read
     * @param at when
     */
    record ValidationStatement(
            String service,
            String environment,
            @Nullable String version,
            @Nullable String digest,
            String kind,
            String result,
            @Nullable String url,
            Instant at)
            implements Statement {
        @Override
        public void requireReach(Principal principal) {
            principal.requireReach(service, environment);
        }

        @Override
        public String id() {
            return hashed(service, environment, version, digest, kind);
        }
    }

    /**
     * What is known of an artifact.
     *
     * @param service of which service
     * @param digest of its content
     * @param version of which version it is; null where that was not said
     * @param location where it lies
     * @param signers who has signed it, as far as that was verified
     * @param authors the people who have made what is in it
     * @param at when that was verified
     */
    record ArtifactStatement(
            String service,
            String digest,
            @Nullable String version,
            String location,
            Set<String> signers,
            Set<String> authors,
            Instant at)
            implements Statement {
        /** What is known of an artifact counts in each environment. */
        @Override
        public void requireReach(Principal principal) {
            principal.requireServiceReach(service);
        }

        @Override
        public String id() {
            return hashed(service, digest);
        }
    }

    /**
     * A rollback that was rehearsed. Its time to recover is none of an incident.
     *
     * @param service of which service
     * @param environment where
     * @param succeeded whether it was rolled back
     * @param recoverySeconds how long that took
     * @param url where more is to be read
     * @param at when it ended
     */
    record DrillStatement(
            String service,
            String environment,
            boolean succeeded,
            double recoverySeconds,
            @Nullable String url,
            Instant at)
            implements Statement {
        @Override
        public void requireReach(Principal principal) {
            principal.requireReach(service, environment);
        }

        @Override
        public String id() {
            return hashed(service, environment, at.toString());
        }

        @Override
        public Instant keptUntil() {
            return at.plus(Duration.ofDays(400));
        }
    }

    /**
     * How many events of a service were good; as JSON the counts themselves.
     *
     * @param counts what was counted
     */
    record BudgetStatement(ErrorBudgetDocument counts) implements Statement {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        public BudgetStatement {}

        @Override
        @JsonValue
        public ErrorBudgetDocument counts() {
            return counts;
        }

        @Override
        public String service() {
            return counts.service();
        }

        @Override
        public Instant at() {
            return counts.at();
        }

        @Override
        public void requireReach(Principal principal) {
            principal.requireReach(counts.service(), counts.environment());
        }

        @Override
        public String id() {
            return hashed(counts.service(), counts.environment(), counts.slo(), Long.toString(counts.windowSeconds()));
        }
    }

    /**
     * That somebody approves of a version, or rejects it.
     *
     * @param service of which service
     * @param environment for which environment
     * @param version of what
     * @param digest of what
     * @param decision approve or reject
     * @param comment why, in words
     * @param owner who
     * @param basis of what there was to see
     * @param at when
     * @param expiresAt from when it is void
     */
    record ApprovalStatement(
            String service,
            String environment,
            @Nullable String version,
            @Nullable String digest,
            String decision,
            @Nullable String comment,
            String owner,
            String basis,
            Instant at,
            Instant expiresAt)
            implements Statement {
        static final String APPROVE = "approve";
        static final String REJECT = "reject";

        @Override
        public void requireReach(Principal principal) {
            principal.requireReach(service, environment);
        }

        @Override
        public String id() {
            return hashed(service, environment, version, digest, owner);
        }

        @Override
        public Instant keptUntil() {
            return expiresAt;
        }
    }
}
