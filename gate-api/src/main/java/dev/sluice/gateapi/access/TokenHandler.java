package dev.sluice.gateapi.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Issues, lists and revokes tokens of the caller's tenant. A token is shown once, when it is issued; lists show neither it nor its
 * hash. A change is answered when this replica has read it back from the log; the others follow.
 */
public final class TokenHandler {
    /** Where tokens are issued. */
    static final String PATH = "/v1/tokens";

    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int MAX_BYTES = 64 << 10;

    private final IssuedTokens issued;
    private final TokenIssuer issuer;
    private final Executor answers;

    /**
     * Creates a handler.
     *
     * @param issued what was issued
     * @param issuer issues and revokes
     * @param answers runs what follows a change
     */
    public TokenHandler(IssuedTokens issued, TokenIssuer issuer, Executor answers) {
        this.issued = issued;
        this.issuer = issuer;
        this.answers = answers;
    }

    /** Handles {@code POST /v1/tokens}. */
    public void issue(Context ctx) {
        issued.requireKnown();
        Principal principal = Routes.principal(ctx);
        boolean isFirst = Access.isBootstrap(ctx.req());
        TokenRequest request = TokenRequest.read(Requests.document(ctx, MAX_BYTES));
        if (!principal.reach().includes(request.reach())) {
            throw new ApiException(
                    ErrorType.FORBIDDEN,
                    "a token cannot be for more services or environments than the one that issues it");
        }
        if (request.id().equals(Bootstrap.ID)) {
            throw ApiException.invalidDocument("/id", "the id " + Bootstrap.ID + " is Sluice's own");
        }
        String owner = request.owner() != null ? request.owner() : isFirst ? request.id() : principal.owner();
        var grant = new TokenGrant(
                principal.tenant(),
                request.id(),
                owner,
                request.verbs(),
                request.reach(),
                issuer.now().plus(request.life()),
                IssuedToken.Origin.API);
        CompletableFuture<Void> done = voided(isFirst && request.verbs().contains(Verb.ADMIN), principal)
                .thenComposeAsync(ready -> issuer.issue(principal.id(), grant), answers)
                .thenAcceptAsync(token -> Requests.answer(ctx, CREATED, Shown.of(token)), answers);
        ctx.future(() -> done);
    }

    /** The bootstrap token is void before the first token that may issue others is there: never are there two ways in. */
    private CompletableFuture<Void> voided(boolean isOver, Principal principal) {
        if (!isOver) {
            return CompletableFuture.completedFuture(null);
        }
        return issuer.revoke(principal.id(), principal.tenant(), principal.id()).thenAccept(was -> {
            if (!was) {
                throw new ApiException(ErrorType.UNAUTHENTICATED, "the token is not valid");
            }
        });
    }

    /** Handles {@code GET /v1/tokens}. */
    public void list(Context ctx) {
        issued.requireKnown();
        String tenant = Routes.principal(ctx).tenant();
        List<Shown> shown = issued.all()
                .filter(found -> found.control().tenant().equals(tenant))
                .map(found -> Shown.of(found, issued.lastUsed(found)))
                .sorted(Comparator.comparing(Shown::id))
                .toList();
        Requests.answer(ctx, OK, new Listed(shown));
    }

    /** Handles {@code DELETE /v1/tokens/{id}}. */
    public void revoke(Context ctx) {
        issued.requireKnown();
        Principal principal = Routes.principal(ctx);
        IssuedTokens.Found found =
                issued.find(principal.tenant(), ctx.pathParam("id")).orElseThrow(TokenHandler::notFound);
        if (!principal
                .reach()
                .includes(new Reach(found.token().services(), found.token().environments()))) {
            throw new ApiException(ErrorType.FORBIDDEN, "the token reaches further than the one that revokes it");
        }
        CompletableFuture<Void> done = issuer.revoke(
                        principal.id(), principal.tenant(), found.control().id())
                .thenAcceptAsync(
                        was -> {
                            if (!was) {
                                throw notFound();
                            }
                            Requests.answer(ctx, OK, Shown.of(found, issued.lastUsed(found)));
                        },
                        answers);
        ctx.future(() -> done);
    }

    private static ApiException notFound() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such token, or the token file has it");
    }

    /** All tokens of a tenant that Sluice has issued, by id. */
    record Listed(List<Shown> tokens) {}

    /**
     * A token as answers show it.
     *
     * @param id its name
     * @param keyId the part of it that is no secret
     * @param owner the person or machine behind it
     * @param scopes what it is for
     * @param services of which services; absent for all
     * @param environments in which environments; absent for all
     * @param expiresAt the moment from which it is void
     * @param origin how it came to be
     * @param issuedBy who asked for it, by the credential
     * @param issuedAt when
     * @param lastUsedAt when somebody was last let in by it, to the minute; absent where that never was, or nobody keeps it
     * @param token the token itself; absent but in the answer that issues it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Shown(
            String id,
            String keyId,
            String owner,
            List<String> scopes,
            @Nullable Set<String> services,
            @Nullable Set<String> environments,
            Instant expiresAt,
            String origin,
            String issuedBy,
            Instant issuedAt,
            @Nullable Instant lastUsedAt,
            @Nullable String token) {
        /** Of one that was issued before. */
        static Shown of(IssuedTokens.Found found, Optional<Instant> lastUsed) {
            return of(found.control(), found.token(), lastUsed.orElse(null), null);
        }

        /** Of one that was issued now. */
        static Shown of(TokenIssuer.Issued issued) {
            return of(issued.control(), issued.token(), null, issued.text());
        }

        private static Shown of(Control control, IssuedToken token, @Nullable Instant lastUsed, @Nullable String text) {
            var reach = new Reach(token.services(), token.environments());
            return new Shown(
                    control.id(),
                    token.keyId(),
                    token.owner(),
                    token.scopes(),
                    reach.orderedServices(),
                    reach.orderedEnvironments(),
                    token.expiresAt(),
                    token.origin(),
                    control.principal(),
                    control.at(),
                    lastUsed,
                    text);
        }
    }
}
