package dev.sluice.sources.gitlab;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Place;
import dev.sluice.sources.SourceOptions;
import java.util.Set;

/**
 * What connections of GitLab can be configured with: {@code environment_from} says whether an environment is called by its
 * {@code name} or, where each of its parts has a name of its own (production/eu, production/us), by its {@code tier}.
 */
public final class GitLabOptions implements SourceOptions {
    private static final String ENVIRONMENT_FROM = "environment_from";
    private static final String NAME = "name";
    private static final String TIER = "tier";

    @Override
    public Set<String> names() {
        return Set.of(ENVIRONMENT_FROM);
    }

    @Override
    public void check(ConnectionMapping mapping) {
        isTier(mapping);
    }

    /**
     * Returns whether environments are called by their tier.
     *
     * @throws dev.sluice.sources.Rejection if it is configured to be something else
     */
    static boolean isTier(ConnectionMapping mapping) {
        Place option = mapping.option(ENVIRONMENT_FROM);
        String from = option.optionalText();
        if (from != null && !from.equals(NAME) && !from.equals(TIER)) {
            throw option.wrong("must be " + NAME + " or " + TIER);
        }
        return TIER.equals(from);
    }
}
