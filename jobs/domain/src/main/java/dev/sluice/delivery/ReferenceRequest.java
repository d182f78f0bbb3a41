package dev.sluice.delivery;

import dev.sluice.delivery.References.Asking;
import dev.sluice.delivery.References.Claim;
import dev.sluice.delivery.References.Named;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment or an incident wants of one reference: to be found by it, or to know whom it means.
 *
 * @param reference the reference
 * @param named who is to be found by it; null if this asks
 * @param asking who asks for it; null if this names
 * @param withdrawn whether that is over
 */
public record ReferenceRequest(
        String reference, @Nullable Named named, @Nullable Asking asking, boolean withdrawn) {
    public ReferenceRequest {
        if ((named == null) == (asking == null)) {
            throw new IllegalArgumentException("a request names or asks, and only one of these");
        }
    }

    /** Returns what follows from a change of an attempt: it is found by its id, version and digest, and may ask. */
    public static List<ReferenceRequest> of(DeploymentRegister.Change change) {
        var requests = new ArrayList<ReferenceRequest>();
        DeploymentAttempt before = change.before();
        DeploymentAttempt after = change.after();
        names(requests, namesOf(before), before == null ? null : named(before), namesOf(after), named(after));
        asks(requests, askedBy(before), before == null ? null : asking(before), askedBy(after), asking(after));
        return requests;
    }

    /** Returns what follows from a change of an incident: it is found by its id, and asks for what caused it. */
    public static List<ReferenceRequest> of(IncidentRegister.Change change) {
        var requests = new ArrayList<ReferenceRequest>();
        Incident before = change.before();
        Incident after = change.after();
        Function<@Nullable Incident, Set<String>> ids =
                incident -> incident == null || !incident.happened() ? Set.of() : Set.of(incident.id());
        names(requests, ids.apply(before), before == null ? null : named(before), ids.apply(after), named(after));
        asks(requests, askedBy(before), before == null ? null : asking(before), askedBy(after), asking(after));
        return requests;
    }

    private static void names(
            List<ReferenceRequest> requests,
            Set<String> namesBefore,
            @Nullable Named before,
            Set<String> namesAfter,
            Named after) {
        boolean moved = before != null && !before.key().equals(after.key());
        for (String name : namesBefore) {
            if (before != null && (moved || !namesAfter.contains(name))) {
                requests.add(new ReferenceRequest(name, before, null, true));
            }
        }
        for (String name : namesAfter) {
            if (!after.equals(before) || !namesBefore.contains(name)) {
                requests.add(new ReferenceRequest(name, after, null, false));
            }
        }
    }

    private static void asks(
            List<ReferenceRequest> requests,
            Set<String> askedBefore,
            @Nullable Asking before,
            Set<String> askedAfter,
            Asking after) {
        boolean moved = before != null && !before.key().equals(after.key());
        for (String asked : askedBefore) {
            if (before != null && (moved || !askedAfter.contains(asked))) {
                requests.add(new ReferenceRequest(asked, null, before, true));
            }
        }
        for (String asked : askedAfter) {
            if (!after.equals(before) || !askedBefore.contains(asked)) {
                requests.add(new ReferenceRequest(asked, null, after, false));
            }
        }
    }

    private static Set<String> namesOf(@Nullable DeploymentAttempt attempt) {
        var names = new LinkedHashSet<String>();
        if (attempt == null || attempt.deleted()) {
            return names;
        }
        names.add(attempt.id());
        if (attempt.result() != AttemptResult.SUCCESS && attempt.result() != AttemptResult.FAILURE) {
            return names; // what never went live is no version that can have caused or suffered anything
        }
        if (attempt.version() != null) {
            names.add(attempt.service() + "@" + attempt.version());
        }
        if (attempt.digest() != null) {
            names.add(attempt.digest());
        }
        return names;
    }

    private static Set<String> askedBy(@Nullable DeploymentAttempt attempt) {
        return attempt == null || attempt.deleted() || attempt.remediates() == null
                ? Set.of()
                : Set.of(attempt.remediates());
    }

    private static Set<String> askedBy(@Nullable Incident incident) {
        return incident == null || !incident.counts() || incident.deployments() == null
                ? Set.of()
                : new LinkedHashSet<>(Objects.requireNonNull(incident.deployments()));
    }

    private static Named named(DeploymentAttempt attempt) {
        return new Named(attempt.id(), false, attempt.service(), attempt.environment(), attempt.openedAt());
    }

    private static Named named(Incident incident) {
        return new Named(incident.id(), true, incident.service(), incident.environment(), incident.startedAt());
    }

    private static Asking asking(DeploymentAttempt attempt) {
        Claim claim = attempt.isSuccess() ? new Claim(null, attempt.finishedAt()) : null;
        return new Asking(attempt.id(), false, attempt.service(), attempt.environment(), attempt.openedAt(), claim);
    }

    private static Asking asking(Incident incident) {
        return new Asking(
                incident.id(),
                true,
                incident.service(),
                incident.environment(),
                incident.startedAt(),
                new Claim(incident.startedAt(), incident.resolvedAt()));
    }
}
