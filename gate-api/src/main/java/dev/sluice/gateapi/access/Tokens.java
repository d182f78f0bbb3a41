package dev.sluice.gateapi.access;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the token file: YAML or JSON with a list {@code tokens}, each with {@code id}, {@code sha256} (of the secret, in
 * hex), {@code tenant}, {@code scopes} and, if it is not all that its owner has, {@code owner}, if it is not for all, {@code services}
 * and {@code environments}, and, if it ends, {@code expires}.
 */
final class Tokens {
    /** No slash, no tilde: a tenant must not look like a heartbeat's key. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    static final int MAX_OWNER = 200;
    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");

    private Tokens() {}

    static List<Token> read(String file, String content, Problems problems) {
        var tokens = new ArrayList<Token>();
        YamlMapping.read(file, content, problems).ifPresent(root -> {
            var ids = new HashSet<String>();
            for (YamlMapping entry : root.mappings("tokens").orElse(List.of())) {
                token(entry, ids, problems).ifPresent(tokens::add);
            }
            root.rejectUnknownFields();
            if (tokens.isEmpty()) {
                root.problem("tokens", "there is no usable token: nobody could call");
            }
        });
        return tokens;
    }

    private static Optional<Token> token(YamlMapping entry, Set<String> ids, Problems problems) {
        int before = problems.count();
        Optional<String> id = entry.required("id", Tokens::name, "a name of letters, digits, dots and dashes");
        Optional<byte[]> hash = entry.required("sha256", Tokens::hash, "64 hexadecimal digits");
        Optional<String> tenant = entry.required("tenant", Tokens::name, "a name of letters, digits, dots and dashes");
        Optional<String> owner =
                entry.optional("owner", Tokens::owner, "a text of at most " + MAX_OWNER + " characters");
        Set<Verb> verbs = verbs(entry);
        Reach reach = GrantFields.reach(entry);
        @Nullable
        Instant expires =
                entry.optional("expires", Tokens::instant, "a time (RFC 3339)").orElse(null);
        entry.rejectUnknownFields();
        if (id.isPresent() && !ids.add(id.get())) {
            entry.problem("id", "two tokens are called " + id.get());
        }
        if (problems.count() > before) {
            return Optional.empty();
        }
        return Optional.of(new Token(
                hash.orElseThrow(),
                new Principal(id.orElseThrow(), owner.orElse(id.get()), tenant.orElseThrow(), verbs, reach),
                expires));
    }

    /** Returns the names that a list holds; null where there is none. An empty one is for nothing, which nobody means. */
    static @Nullable Set<String> names(YamlMapping entry, String field) {
        Optional<List<String>> names = entry.texts(field);
        if (names.isPresent() && names.get().isEmpty()) {
            entry.problem(field, field + " must name at least one, or be absent for all");
        }
        return names.map(Set::copyOf).orElse(null);
    }

    static Set<Verb> verbs(YamlMapping entry) {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        for (String scope : entry.texts("scopes").orElse(List.of())) {
            Verb.ofScope(scope).ifPresentOrElse(verbs::add, () -> entry.problem("scopes", "unknown scope " + scope));
        }
        if (verbs.isEmpty()) {
            entry.problem("scopes", "scopes must name at least one of " + Verb.scopes());
        }
        return verbs;
    }

    static Optional<String> name(String text) {
        return Optional.of(text).filter(NAME.asMatchPredicate());
    }

    static Optional<String> owner(String text) {
        return Optional.of(text).filter(owner -> owner.length() <= MAX_OWNER);
    }

    private static Optional<byte[]> hash(String text) {
        return Optional.of(text)
                .filter(SHA256.asMatchPredicate())
                .map(hex -> HexFormat.of().parseHex(hex));
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
