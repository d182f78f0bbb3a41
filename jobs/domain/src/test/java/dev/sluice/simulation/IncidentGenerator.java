package dev.sluice.simulation;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes incidents for a history: of every link rule and of none, open, re-opened, merged, deleted, moved, corrected; and
 * what people say afterwards of deployments.
 */
final class IncidentGenerator {
    private static final long SALT = 0x5EED_0F_1C1DL;
    /** The revisions of corrections outrank those of sources. */
    private static final long CORRECTION = 1L << 50;

    private final Random random;
    private final String tenant;
    private final HistoryGenerator.Scale scale;
    private final List<DeploymentObserved> deployments;
    private final List<CommitRecorded> commits;
    private final List<DeliveryEvent> made = new ArrayList<>();

    private IncidentGenerator(long seed, String tenant, HistoryGenerator.Scale scale, List<DeliveryEvent> events) {
        this.random = new Random(seed ^ SALT);
        this.tenant = tenant;
        this.scale = scale;
        this.deployments = events.stream()
                .filter(DeploymentObserved.class::isInstance)
                .map(DeploymentObserved.class::cast)
                .filter(event -> event.state().isTerminal())
                .toList();
        this.commits = events.stream()
                .filter(CommitRecorded.class::isInstance)
                .map(CommitRecorded.class::cast)
                .toList();
    }

    /** Returns the incidents and corrections of a seed for what was deployed. */
    static List<DeliveryEvent> of(long seed, String tenant, HistoryGenerator.Scale scale, List<DeliveryEvent> events) {
        return new IncidentGenerator(seed, tenant, scale, events).generate();
    }

    private List<DeliveryEvent> generate() {
        int count = scale.of(10 + random.nextInt(25));
        for (int i = 0; i < count; i++) {
            incident("INC-" + i);
        }
        for (int i = 0; i < scale.of(6); i++) {
            amend(any(deployments), i);
        }
        return made;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    /** What an observation of an incident says beside its state. */
    private record Words(
            @Nullable String service,
            @Nullable String environment,
            @Nullable Instant startedAt,
            @Nullable Boolean changeCaused,
            @Nullable List<String> deployments,
            @Nullable String repository,
            @Nullable String rootCause) {
        static final Words NONE = new Words(null, null, null, null, null, null, null);

        Words startedAt(Instant at) {
            return new Words(service, environment, at, changeCaused, deployments, repository, rootCause);
        }

        Words changeCaused(boolean value) {
            return new Words(service, environment, startedAt, value, deployments, repository, rootCause);
        }

        Words deployments(List<String> references) {
            return new Words(service, environment, startedAt, changeCaused, references, repository, rootCause);
        }

        Words rootCause(CommitRecorded commit) {
            return new Words(
                    service, environment, startedAt, changeCaused, deployments, commit.repository(), commit.sha());
        }

        static Words at(DeploymentObserved place) {
            return new Words(place.service(), place.environment(), null, null, null, null, null);
        }
    }

    private void incident(String id) {
        DeploymentObserved cause = any(deployments);
        Instant detected = cause.header().occurredAt().plusSeconds(distance());
        Words words = oneIn(14) ? Words.NONE : Words.at(cause);
        if (oneIn(3)) {
            words = words.startedAt(detected.minusSeconds(random.nextInt(3600)));
        }
        if (oneIn(10)) {
            words = words.changeCaused(oneIn(5));
        }
        switch (random.nextInt(12)) {
            case 0 -> words = words.deployments(List.of(cause.deploymentId()));
            case 1 ->
                words = words.deployments(
                        List.of(cause.service() + "@" + any(deployments).version()));
            case 2 ->
                words = words.deployments(List.of("nowhere@v1", any(deployments).deploymentId()));
            case 3 -> words = words.deployments(oneIn(2) ? List.of() : List.of("never/heard-of"));
            case 4, 5 -> words = words.rootCause(any(commits));
            default -> {
                // only its time tells
            }
        }
        boolean beginningLost = oneIn(25);
        if (!beginningLost) {
            say(id, IncidentState.DETECTED, detected, 0, 1, words);
        }
        if (oneIn(3)) {
            say(id, IncidentState.ACKNOWLEDGED, detected.plusSeconds(120), 0, 2, Words.NONE);
        }
        Instant resolved = detected.plusSeconds(300 + random.nextInt(3 * 86_400));
        if (!oneIn(7)) {
            say(id, IncidentState.RESOLVED, resolved, 0, 3, beginningLost ? words : Words.NONE);
            if (oneIn(6)) {
                say(id, IncidentState.RESOLVED, resolved.plusSeconds(600), 0, 3, Words.NONE);
            }
            if (oneIn(6)) {
                Instant again = resolved.plusSeconds(1 + random.nextInt(86_400));
                say(id, IncidentState.REOPENED, again, 0, 1, Words.NONE);
                if (!oneIn(4)) {
                    say(id, IncidentState.RESOLVED, again.plusSeconds(4000), 0, 3, Words.NONE);
                }
            }
        }
        afterwards(id, resolved);
    }

    private long distance() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3, 4 -> random.nextInt(86_400);
            case 5, 6 -> 86_400 + random.nextInt(2 * 86_400);
            case 7 -> 3 * 86_400;
            case 8 -> 3 * 86_400 + random.nextInt(6 * 86_400);
            default -> -random.nextInt(7200);
        };
    }

    private void afterwards(String id, Instant resolved) {
        Instant later = resolved.plus(Duration.ofDays(1));
        switch (random.nextInt(14)) {
            case 0 -> say(id, IncidentState.DELETED, later, 1, 0, Words.NONE);
            case 1 -> say(id, IncidentState.MERGED, later, 0, 4, Words.NONE);
            case 2 -> say(id, IncidentState.AMENDED, later, CORRECTION + 1, 0, Words.NONE.deployments(List.of()));
            case 3 ->
                say(
                        id,
                        IncidentState.AMENDED,
                        later,
                        CORRECTION + 1,
                        0,
                        Words.NONE.deployments(List.of(any(deployments).deploymentId())));
            case 4 -> say(id, IncidentState.AMENDED, later, CORRECTION + 2, 0, Words.at(any(deployments)));
            case 5 -> say(id, IncidentState.AMENDED, later, CORRECTION + 3, 0, Words.NONE.changeCaused(oneIn(2)));
            case 6 -> {
                // the source corrects the whole course
                say(id, IncidentState.DETECTED, resolved.minusSeconds(7000), 1, 1, Words.NONE);
                say(id, IncidentState.RESOLVED, resolved.minusSeconds(random.nextInt(9000)), 1, 3, Words.NONE);
            }
            case 7, 8 -> amend(any(deployments), DeploymentWords.remediates("incidents/" + id), later);
            default -> {
                // most are left alone
            }
        }
    }

    private void say(String id, IncidentState state, Instant at, long revision, int rank, Words words) {
        made.add(new IncidentObserved(
                header("incidents", id + state + at + revision, at),
                IncidentObserved.incidentId("incidents", id),
                words.service(),
                words.environment(),
                state,
                revision,
                rank,
                words.startedAt(),
                null,
                null,
                words.changeCaused(),
                words.deployments(),
                words.repository(),
                words.rootCause(),
                null,
                null));
    }

    /** What a correction says of a deployment. */
    private record DeploymentWords(
            @Nullable String remediates, @Nullable Boolean impact) {
        static DeploymentWords remediates(String reference) {
            return new DeploymentWords(reference, null);
        }
    }

    private void amend(DeploymentObserved deployment, int i) {
        Instant at = deployment.header().occurredAt().plus(Duration.ofDays(2));
        amend(
                deployment,
                switch (i % 3) {
                    case 0 -> new DeploymentWords(null, true);
                    case 1 -> new DeploymentWords(null, oneIn(2));
                    default -> DeploymentWords.remediates(any(deployments).deploymentId());
                },
                at);
    }

    private void amend(DeploymentObserved deployment, DeploymentWords words, Instant at) {
        long revision = CORRECTION + random.nextInt(1000);
        String place = deployment.service() + deployment.environment();
        made.add(new DeploymentObserved(
                header("corrections", deployment.deploymentId() + place + words + at + revision, at),
                deployment.deploymentId(),
                deployment.service(),
                deployment.environment(),
                DeploymentState.AMENDED,
                revision,
                0,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                words.remediates(),
                null,
                null,
                words.impact()));
    }

    private EventHeader header(String source, String nativeId, Instant at) {
        return new EventHeader(EventIds.of(tenant, source, nativeId), tenant, source, "generated", at, at);
    }
}
