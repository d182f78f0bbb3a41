package dev.sluice.gateapi.access.oidc;

import dev.sluice.gateapi.access.GrantFields;
import dev.sluice.gateapi.access.Reach;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The file of the issuers whose tokens are taken: YAML or JSON with a list {@code issuers}. */
public final class TrustFile {
    private static final String CLAIMS = "claims";
    private static final String URL_EXPECTED = "an https URL without user (http of this machine only)";
    private static final int MAX_TEXT = 500;
    /** With what is added to it a name must still be one. */
    private static final int MAX_RULE_NAME = 80;

    private final List<Issuer> issuers;

    private TrustFile(List<Issuer> issuers) {
        this.issuers = List.copyOf(issuers);
    }

    /** Returns that of nobody. */
    public static TrustFile none() {
        return new TrustFile(List.of());
    }

    /**
     * Reads a file.
     *
     * @param file its name, for messages
     * @param content its text
     * @param problems where to report what is wrong with it
     */
    public static TrustFile read(String file, String content, Problems problems) {
        var issuers = new ArrayList<Issuer>();
        YamlMapping.read(file, content, problems).ifPresent(root -> {
            var names = new HashSet<String>();
            var rules = new HashSet<String>();
            List<YamlMapping> entries = root.mappings("issuers").orElse(List.of());
            for (YamlMapping entry : entries) {
                issuer(entry, names, rules, problems).ifPresent(issuers::add);
            }
            root.rejectUnknownFields();
            if (entries.isEmpty()) {
                root.problem("issuers", "issuers must name at least one");
            }
        });
        return new TrustFile(issuers);
    }

    List<Issuer> issuers() {
        return issuers;
    }

    private static Optional<Issuer> issuer(
            YamlMapping entry, Set<String> names, Set<String> ruleNames, Problems problems) {
        int before = problems.count();
        Optional<String> name = entry.required("issuer", text -> url(text).map(url -> text), URL_EXPECTED);
        Optional<URI> jwks = entry.required("jwks_url", TrustFile::url, URL_EXPECTED);
        Optional<String> audience =
                entry.required("audience", TrustFile::text, "a text of at most " + MAX_TEXT + " characters");
        Set<Algorithm> algorithms = algorithms(entry);
        @Nullable
        CiSystem system = entry.optional("kind", CiSystem::of, "github, gitlab or circleci")
                .orElse(null);
        var rules = new ArrayList<TrustRule>();
        List<YamlMapping> entries = entry.mappings("rules").orElse(List.of());
        for (YamlMapping rule : entries) {
            rule(rule, system, ruleNames, problems).ifPresent(rules::add);
        }
        entry.rejectUnknownFields();
        if (entries.isEmpty()) {
            entry.problem("rules", "rules must have at least one: without, no token is taken");
        }
        if (name.isPresent() && !names.add(name.get())) {
            entry.problem("issuer", "two issuers are called " + name.get());
        }
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(new Issuer(
                        name.orElseThrow(), jwks.orElseThrow(), audience.orElseThrow(), algorithms, system, rules));
    }

    private static Set<Algorithm> algorithms(YamlMapping entry) {
        Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
        Optional<List<String>> given = entry.texts("algorithms");
        given.ifPresent(names -> names.forEach(name -> Algorithm.of(name)
                .ifPresentOrElse(
                        algorithms::add,
                        () -> entry.problem("algorithms", "algorithms can be RS256, ES256 and EdDSA, not " + name))));
        if (given.isPresent() && given.get().isEmpty()) {
            entry.problem("algorithms", "algorithms must name at least one, or be absent for all");
        }
        return given.isPresent() ? algorithms : EnumSet.allOf(Algorithm.class);
    }

    private static Optional<TrustRule> rule(
            YamlMapping entry, @Nullable CiSystem system, Set<String> names, Problems problems) {
        int before = problems.count();
        Optional<String> name = entry.required(
                "name",
                text -> GrantFields.name(text).filter(given -> given.length() <= MAX_RULE_NAME),
                "a name of at most " + MAX_RULE_NAME + " letters, digits, dots and dashes");
        Optional<String> tenant =
                entry.required("tenant", GrantFields::name, "a name of letters, digits, dots and dashes");
        Set<Verb> verbs = GrantFields.verbs(entry);
        Reach reach = GrantFields.reach(entry);
        Map<String, String> claims =
                entry.mapping(CLAIMS).map(YamlMapping::allTexts).orElseGet(Map::of);
        entry.rejectUnknownFields();
        if (claims.isEmpty()) {
            entry.problem(CLAIMS, "claims must name at least one: every token of the issuer would be taken");
        } else if (system != null) {
            system.missing(claims.keySet())
                    .ifPresent(missing ->
                            entry.problem(CLAIMS, "claims of a rule for " + system.word() + " must have " + missing));
        }
        claims.forEach((claim, value) -> {
            if (value.contains("*")) {
                entry.problem(CLAIMS, "claim " + claim + " is compared exactly, and no claim is " + value);
            }
        });
        if (name.isPresent() && !names.add(name.get())) {
            entry.problem("name", "two rules are called " + name.get());
        }
        return problems.count() > before
                ? Optional.empty()
                : Optional.of(new TrustRule(name.orElseThrow(), tenant.orElseThrow(), verbs, reach, claims));
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> given.length() <= MAX_TEXT);
    }

    private static Optional<URI> url(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        boolean isWhole = url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null
                && text.length() <= MAX_TEXT;
        boolean isSafe = "https".equals(url.getScheme())
                || ("http".equals(url.getScheme()) && isThisMachine(String.valueOf(url.getHost())));
        return isWhole && isSafe ? Optional.of(url) : Optional.empty();
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]");
    }
}
