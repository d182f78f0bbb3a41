package dev.sluice.gateapi.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the log keeps of a token that Sluice has issued: the document of a {@link Control} of kind {@link Control#TOKEN}.
 *
 * @param keyId by which it is found
 * @param sha256 SHA-256 of the token, in hex
 * @param owner the person or machine behind it
 * @param scopes what it is for
 * @param services of which services; null for all
 * @param environments in which environments; null for all
 * @param expiresAt the moment from which it is void
 * @param origin how it came to be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IssuedToken(
        String keyId,
        String sha256,
        String owner,
        List<String> scopes,
        @Nullable Set<String> services,
        @Nullable Set<String> environments,
        Instant expiresAt,
        String origin) {

    /** How a token came to be. */
    enum Origin {
        /** Somebody asked for it by the API. */
        API,
        /** A CI system's token was exchanged for it. */
        OIDC,
        /** There was no token yet. */
        BOOTSTRAP;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static IssuedToken of(String text, TokenGrant grant) {
        return new IssuedToken(
                TokenText.keyId(text).orElseThrow(),
                dev.sluice.wire.Sha256.hex(text),
                grant.owner(),
                grant.verbs().stream().map(Verb::scope).sorted().toList(),
                grant.reach().orderedServices(),
                grant.reach().orderedEnvironments(),
                grant.expires(),
                grant.origin().word());
    }

    /** Returns the token of a record; nothing if it cannot be read: then it lets nobody in. */
    static Optional<IssuedToken> of(Control control) {
        try {
            IssuedToken token = Json.mapper().treeToValue(control.document(), IssuedToken.class);
            boolean isWhole = token.keyId != null
                    && token.sha256 != null
                    && token.owner != null
                    && !token.owner.isBlank()
                    && token.scopes != null
                    && token.expiresAt != null
                    && token.origin != null;
            return isWhole ? Optional.of(token) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    JsonNode json() {
        return Json.mapper().valueToTree(this);
    }

    byte[] hash() {
        return HexFormat.of().parseHex(sha256);
    }

    boolean isLive(Instant now) {
        return now.isBefore(expiresAt);
    }

    boolean isBootstrap() {
        return origin.equals(Origin.BOOTSTRAP.word());
    }

    boolean isOfOidc() {
        return origin.equals(Origin.OIDC.word());
    }

    /** Returns what it is for; a scope that is not known, of a later version, is left out. */
    Set<Verb> verbs() {
        Set<Verb> verbs = EnumSet.noneOf(Verb.class);
        scopes.forEach(scope -> Verb.ofScope(scope).ifPresent(verbs::add));
        return verbs;
    }

    Principal principal(Control control) {
        return new Principal(control.id(), owner, control.tenant(), verbs(), new Reach(services, environments));
    }
}
