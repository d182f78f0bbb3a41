package dev.sluice.gate;

import dev.sluice.canary.CanaryState;
import dev.sluice.gate.EvaluationInput.Artifact;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known beside the metrics when a gate is asked: of canary runs, of what runs elsewhere, and what people and pipelines have said.
 *
 * @param age how old this knowledge is; null where that is not known, which counts as stale
 * @param canaries the runs of the service that are remembered, in whichever environment
 * @param running what runs of each service, in each environment, as far as a rule asks for it
 * @param freezes the freezes that are in force for the service in the environment
 * @param validations what was tried of the service's versions, in whichever environment
 * @param artifacts what is known of artifacts of the service
 * @param approvals of versions of the service for the environment
 * @param drills the rollback drills of the service, in whichever environment
 * @param asker the owner of the credential that asks
 * @param budgets the counts of the service's objectives, in whichever environment
 * @param external what other services have answered that were asked for this decision
 */
public record Evidence(
        @Nullable Duration age,
        List<CanaryRun> canaries,
        List<Running> running,
        List<Freeze> freezes,
        List<Validation> validations,
        List<ArtifactFact> artifacts,
        List<Approval> approvals,
        List<Drill> drills,
        @Nullable String asker,
        List<Budget> budgets,
        List<ExternalAnswer> external) {
    /** Nothing is known, and not how old that is. */
    public static final Evidence NONE = new Evidence(
            null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of(),
            List.of());

    public Evidence {
        canaries = List.copyOf(canaries);
        running = List.copyOf(running);
        freezes = List.copyOf(freezes);
        validations = List.copyOf(validations);
        artifacts = List.copyOf(artifacts);
        approvals = List.copyOf(approvals);
        drills = List.copyOf(drills);
        budgets = List.copyOf(budgets);
        external = List.copyOf(external);
    }

    /** Returns the same with what other services have answered. */
    public Evidence with(List<ExternalAnswer> answers) {
        return new Evidence(
                age, canaries, running, freezes, validations, artifacts, approvals, drills, asker, budgets, answers);
    }

    /**
     * What a statement is about: an artifact by the surest of its names.
     *
     * @param version as its users call it
     * @param digest of its content
     */
    public record Subject(
            @Nullable String version, @Nullable String digest) {
        /**
         * Returns whether the statement is about the artifact: where either names a digest both must name the same; a version vouches
         * for what is named by its version only.
         */
        public boolean isAbout(Artifact artifact) {
            if (digest != null || artifact.digest() != null) {
                return digest != null && digest.equals(artifact.digest());
            }
            return version != null && version.equals(artifact.version());
        }
    }

    /**
     * A canary run.
     *
     * @param id its id
     * @param environment where it runs
     * @param version the version that is tried
     * @param startedAt when it began
     * @param state how it stands
     * @param at as of when
     * @param reason why, in words
     */
    public record CanaryRun(
            String id,
            String environment,
            @Nullable String version,
            Instant startedAt,
            CanaryState state,
            Instant at,
            String reason) {}

    /**
     * What runs somewhere.
     *
     * @param service the service
     * @param environment the environment
     * @param subject what runs there
     * @param since when it was deployed; null where that is not known
     */
    public record Running(
            String service,
            String environment,
            Subject subject,
            @Nullable Instant since) {}

    /**
     * A time in which nothing is to be deployed, and that goes on.
     *
     * @param name its name
     * @param until when it ends; null where that is not known
     * @param reason why, in words
     */
    public record Freeze(String name, @Nullable Instant until, String reason) {}

    /**
     * What came out when a version was tried.
     *
     * @param subject what was tried
     * @param environment where
     * @param kind how, e.g. {@code smoke}
     * @param result how it came out
     * @param source name of the credential that said so
     * @param at when
     */
    public record Validation(
            Subject subject, String environment, String kind, Result result, String source, Instant at) {
        /** How it came out. */
        public enum Result {
            /** It goes on. */
            RUNNING,
            /** All was well. */
            PASSED,
            /** Something was not. */
            FAILED
        }
    }

    /**
     * What is known of an artifact.
     *
     * @param digest of its content
     * @param version of which version it is; null where that was not said
     * @param location where it lies, e.g. {@code registry.example.org/shop/checkout}
     * @param signers who has signed it, as far as that was verified; empty for nobody
     * @param source name of the credential that said so
     * @param at when that was verified
     */
    public record ArtifactFact(
            String digest, @Nullable String version, String location, Set<String> signers, String source, Instant at) {
        public ArtifactFact {
            signers = Set.copyOf(signers);
        }
    }

    /**
     * That somebody approves of a version, or rejects it.
     *
     * @param subject of what
     * @param owner who: the person, not the credential
     * @param roles in which of their roles
     * @param approves whether they approve; else they reject
     * @param author whether they have made what is to be deployed, as far as that is known
     * @param basis of what they saw when they said so: it does not hold where that is another now
     * @param basisNow of what is to be seen now
     * @param at when
     * @param expires from when it is void
     */
    public record Approval(
            Subject subject,
            String owner,
            Set<String> roles,
            boolean approves,
            boolean author,
            String basis,
            String basisNow,
            Instant at,
            Instant expires) {
        public Approval {
            roles = Set.copyOf(roles);
        }
    }

    /**
     * A rollback that was rehearsed.
     *
     * @param environment where
     * @param succeeded whether the service was rolled back
     * @param recovery how long it took
     * @param source name of the credential that said so
     * @param at when it ended
     */
    public record Drill(String environment, boolean succeeded, Duration recovery, String source, Instant at) {}

    /**
     * How many events were good, by which an objective is held.
     *
     * @param environment where
     * @param slo name of the objective
     * @param window over which they were counted
     * @param good how many were good
     * @param total how many there were
     * @param source name of the credential that said so
     * @param at when the window ended
     */
    public record Budget(
            String environment, String slo, Duration window, long good, long total, String source, Instant at) {}

    /**
     * What another service has answered.
     *
     * @param endpoint name of whom was asked
     * @param path what was asked
     * @param meaning what it means
     * @param reason why, in words; empty where none was given
     */
    public record ExternalAnswer(String endpoint, String path, Meaning meaning, String reason) {
        /** What an answer means. */
        public enum Meaning {
            /** It does not object. */
            ALLOWED,
            /** It objects. */
            REFUSED,
            /** It has no opinion. */
            UNDEFINED,
            /** There is no answer. */
            UNREACHABLE,
            /** It cannot be understood. */
            UNREADABLE
        }
    }
}
