package dev.sluice.delivery;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one reference means: the deployments that it names and those that ask for it. A reference is a text: a deployment
 * id, {@code service@version}, or an artifact's digest.
 *
 * <p>Of several deployments with the same name the asker means the latest one that was opened before it, in its own
 * environment where there is one, else anywhere. An explicit reference that names nothing resolves to nothing; it is never
 * guessed.
 */
public final class References {
    private final Table<String, Named> named;
    private final Table<String, Asking> asking;

    /**
     * Creates the reference over its tables.
     *
     * @param named the deployments that it names, by deployment, service and environment
     * @param asking the deployments that ask for it, likewise
     */
    public References(Table<String, Named> named, Table<String, Asking> asking) {
        this.named = named;
        this.asking = asking;
    }

    /**
     * A deployment that a reference names.
     *
     * @param deploymentId the deployment
     * @param service its service
     * @param environment where it was deployed
     * @param openedAt the earliest moment known of it
     */
    public record Named(String deploymentId, String service, String environment, Instant openedAt) {
        String key() {
            return References.key(deploymentId, service, environment);
        }
    }

    /**
     * A deployment that refers to another.
     *
     * @param deploymentId the deployment that asks
     * @param service its service
     * @param environment its environment
     * @param openedAt the earliest moment known of it
     */
    public record Asking(String deploymentId, String service, String environment, Instant openedAt) {
        String key() {
            return References.key(deploymentId, service, environment);
        }
    }

    /**
     * The answer to one that asks.
     *
     * @param asking who asks
     * @param targetDeploymentId whom it means; null where nothing has that name
     */
    public record Answer(Asking asking, @Nullable String targetDeploymentId) {}

    /** Adds or changes a deployment that the reference names; returns the answers to all that ask. */
    public List<Answer> name(Named deployment) {
        if (deployment.equals(named.get(deployment.key()))) {
            return List.of();
        }
        named.put(deployment.key(), deployment);
        return answers();
    }

    /** Takes a name back; returns the answers to all that ask. */
    public List<Answer> unname(Named deployment) {
        if (named.get(deployment.key()) == null) {
            return List.of();
        }
        named.remove(deployment.key());
        return answers();
    }

    /** Adds or changes one that asks; returns its answer. */
    public Answer ask(Asking deployment) {
        asking.put(deployment.key(), deployment);
        return new Answer(deployment, resolve(deployment));
    }

    /** Forgets one that asked; returns the answer that it no longer has. */
    public List<Answer> unask(Asking deployment) {
        if (asking.get(deployment.key()) == null) {
            return List.of();
        }
        asking.remove(deployment.key());
        return List.of(new Answer(deployment, null));
    }

    private static String key(String deploymentId, String service, String environment) {
        return deploymentId + "\n" + service + "\n" + environment;
    }

    private List<Answer> answers() {
        var answers = new ArrayList<Answer>();
        for (String id : asking.keys()) {
            Asking each = Objects.requireNonNull(asking.get(id));
            answers.add(new Answer(each, resolve(each)));
        }
        return answers;
    }

    private @Nullable String resolve(Asking asker) {
        Named best = null;
        for (String id : named.keys()) {
            Named candidate = Objects.requireNonNull(named.get(id));
            boolean earlier = candidate.openedAt().isBefore(asker.openedAt());
            if (earlier && !id.equals(asker.key()) && (best == null || isBetter(candidate, best, asker))) {
                best = candidate;
            }
        }
        return best == null ? null : best.deploymentId();
    }

    private static boolean isBetter(Named candidate, Named best, Asking asker) {
        boolean here = candidate.environment().equals(asker.environment());
        boolean bestHere = best.environment().equals(asker.environment());
        if (here != bestHere) {
            return here;
        }
        int order = candidate.openedAt().compareTo(best.openedAt());
        return order != 0 ? order > 0 : candidate.deploymentId().compareTo(best.deploymentId()) > 0;
    }
}
