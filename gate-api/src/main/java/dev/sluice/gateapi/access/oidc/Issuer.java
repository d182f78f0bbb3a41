package dev.sluice.gateapi.access.oidc;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Somebody whose tokens are taken.
 *
 * @param issuer the claim {@code iss}, exactly
 * @param jwksUrl where its keys are
 * @param audience the claim {@code aud}, exactly
 * @param algorithms by which it may sign
 * @param system what kind of CI system it is; null for another one
 * @param rules which of its tokens are trusted; the first that takes one counts
 */
record Issuer(
        String issuer,
        URI jwksUrl,
        String audience,
        Set<Algorithm> algorithms,
        @Nullable CiSystem system,
        List<TrustRule> rules) {
    Issuer {
        algorithms = Set.copyOf(algorithms);
        rules = List.copyOf(rules);
    }
}
