package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.delivery.EnvironmentClass;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A CI system whose tokens are known: which claims never change hands, and which tokens say less than they seem to. */
enum CiSystem {
    /** GitHub Actions. A name can be taken by others when its owner gives it up; ids cannot. */
    GITHUB("repository_id repository_owner_id") {
        @Override
        Optional<String> missing(Set<String> claims) {
            return super.missing(claims)
                    .or(() -> claims.contains("environment") || claims.contains("ref")
                            ? Optional.empty()
                            : Optional.of("environment or ref"));
        }

        /** Whoever opens a pull request decides what its workflow does, in the repository of the base or in a fork. */
        @Override
        Optional<String> refusal(JsonNode said, TrustRule rule) {
            Optional<String> event = TrustRule.text(said, "event_name");
            boolean isOfPullRequest = event.isEmpty() || PULL_REQUESTS.contains(event.get());
            return isOfPullRequest && reachesProduction(rule)
                    ? Optional.of("a run of a pull request gets no token for production")
                    : Optional.empty();
        }
    },
    /** GitLab CI. */
    GITLAB("project_id") {
        /** Whoever may push to a branch that is not protected decides what its jobs do. */
        @Override
        Optional<String> refusal(JsonNode said, TrustRule rule) {
            boolean isProtected =
                    TrustRule.text(said, "ref_protected").filter("true"::equals).isPresent();
            return !isProtected && reachesProduction(rule)
                    ? Optional.of("a run of a ref that is not protected gets no token for production")
                    : Optional.empty();
        }
    },
    /** CircleCI. */
    CIRCLECI("oidc.circleci.com/project-id") {
        /** In a job that is run again by SSH whoever asked for it can do what they like. */
        @Override
        Optional<String> refusal(JsonNode said, TrustRule rule) {
            return TrustRule.text(said, "oidc.circleci.com/ssh-rerun")
                            .filter("false"::equals)
                            .isPresent()
                    ? Optional.empty()
                    : Optional.of("a job that may have been run again by SSH gets no token");
        }

        @Override
        boolean numbersItsTokens() {
            return false;
        }
    };

    private static final Set<String> PULL_REQUESTS = Set.of("pull_request", "pull_request_target");

    /** Separated by blanks: an enum has nothing that can be changed. */
    private final String ids;

    CiSystem(String ids) {
        this.ids = ids;
    }

    /** Returns the claims that tell whose the token is, whatever it is called. */
    List<String> ids() {
        return List.of(ids.split(" ", -1));
    }

    /** Returns what a rule must bind and does not; nothing if it binds all. */
    Optional<String> missing(Set<String> claims) {
        return ids().stream().filter(id -> !claims.contains(id)).findFirst();
    }

    /** Returns why a token that a rule takes is refused all the same; nothing if it is not. */
    Optional<String> refusal(JsonNode said, TrustRule rule) {
        return Optional.empty();
    }

    /** Returns whether each token has a number of its own, {@code jti}. */
    boolean numbersItsTokens() {
        return true;
    }

    /** Returns the name in the file. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CiSystem> of(String word) {
        return Arrays.stream(values())
                .filter(system -> system.word().equals(word))
                .findFirst();
    }

    private static boolean reachesProduction(TrustRule rule) {
        Set<String> environments = rule.reach().environments();
        return environments == null
                || environments.stream().anyMatch(name -> EnvironmentClass.ofName(name) == EnvironmentClass.PRODUCTION);
    }
}
