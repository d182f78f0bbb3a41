package dev.sluice.rollback;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** To which version a service may go back: the latest successful deployments, less what failed and what was rolled back itself. */
final class GoodVersions {
    private static final int MOST_KNOWN = 20;
    private static final int MOST_LEFT = 200;

    private final List<KnownDeployment> known;
    private final List<String> left;

    /**
     * Creates them.
     *
     * @param known the latest successful deployments, the newest first
     * @param left versions, commits and digests that are no target
     */
    GoodVersions(List<KnownDeployment> known, List<String> left) {
        this.known = new ArrayList<>(known);
        this.left = new ArrayList<>(left);
    }

    List<KnownDeployment> known() {
        return known;
    }

    List<String> left() {
        return left;
    }

    /** A deployment is known, or is judged otherwise than before; that one failed outlasts the deployment. */
    void add(KnownDeployment deployment) {
        remove(deployment.id());
        known.add(deployment);
        known.sort(Comparator.comparing(KnownDeployment::finishedAt)
                .thenComparing(KnownDeployment::id)
                .reversed());
        while (known.size() > MOST_KNOWN) {
            KnownDeployment oldest = known.remove(known.size() - 1);
            if (oldest.failed()) {
                leave(oldest);
            }
        }
    }

    void remove(String deployment) {
        known.removeIf(other -> other.id().equals(deployment));
    }

    /** By its commit only where nothing else is known: several versions may be of one commit. */
    void leave(KnownDeployment bad) {
        List<String> names =
                Stream.of(bad.version(), bad.digest()).filter(Objects::nonNull).toList();
        names.forEach(this::leave);
        if (names.isEmpty() && bad.sha() != null) {
            leave(bad.sha());
        }
    }

    /** It is no target from now on: not for as long as so many others are remembered. */
    void leave(String name) {
        left.remove(name);
        left.add(0, name);
        if (left.size() > MOST_LEFT) {
            left.remove(left.size() - 1);
        }
    }

    /**
     * Returns the latest good deployment before another one, of another version.
     *
     * @param suspect the other one
     * @param wanted what its version, commit or digest is to be; null for any
     */
    Optional<KnownDeployment> before(KnownDeployment suspect, @Nullable String wanted) {
        return known.stream()
                .filter(one -> one.finishedAt().isBefore(suspect.finishedAt()))
                .filter(one -> !one.isSameAs(suspect))
                .filter(one -> wanted == null || one.isCalled(wanted))
                .filter(this::isGood)
                .findFirst();
    }

    private boolean isGood(KnownDeployment deployment) {
        return left.stream().noneMatch(deployment::isCalled)
                && known.stream().noneMatch(other -> other.failed() && isSame(other, deployment));
    }

    private static boolean isSame(KnownDeployment one, KnownDeployment other) {
        return one.id().equals(other.id()) || one.isSameAs(other);
    }
}
