package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.sources.webhook.WebhookRequest;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the webhooks by which gates are asked, and answers them. What is not signed is not read any further. */
public final class SignedWebhook {
    private static final Logger LOGGER = LoggerFactory.getLogger(SignedWebhook.class);
    private static final int ACCEPTED = 202;
    private static final int MAX_BYTES = 1 << 20;

    private final String caller;
    private final TenantSecrets secrets;
    private final MeterRegistry registry;

    /**
     * Creates it.
     *
     * @param caller the kind of caller, for the metrics and the log
     * @param secrets from where secrets may be taken
     * @param registry counts what comes
     */
    public SignedWebhook(String caller, TenantSecrets secrets, MeterRegistry registry) {
        this.caller = caller;
        this.secrets = secrets;
        this.registry = registry;
    }

    /**
     * Reads a webhook.
     *
     * @param ctx the request
     * @param tenant whose it is
     * @param references where the secrets are
     * @param isAuthentic whether a request is signed by one of them
     * @throws ApiException 401 if it is not, 503 if a secret cannot be had
     */
    public WebhookRequest read(
            Context ctx,
            String tenant,
            SecretReferences references,
            BiPredicate<WebhookRequest, List<byte[]>> isAuthentic) {
        List<byte[]> keys = references
                .resolve(
                        secrets.of(tenant),
                        (pointer, problem) -> LOGGER.atError()
                                .addKeyValue("caller", caller)
                                .addKeyValue("problem", problem)
                                .log("webhook cannot be verified"))
                .orElseThrow(() -> new ApiException(
                        ErrorType.UNAVAILABLE, "the secret of the webhook cannot be read now; see the log"));
        var request = new WebhookRequest(Requests.headers(ctx), Map.of(), Requests.body(ctx, MAX_BYTES));
        if (!isAuthentic.test(request, keys)) {
            count("unauthenticated");
            throw new ApiException(ErrorType.UNAUTHENTICATED, "the signature is missing or wrong");
        }
        return request;
    }

    /** It asks nothing: answered as taken, or the sender would think that something is wrong here. */
    public void ignore(Context ctx, String reason) {
        count("ignored");
        Requests.answer(ctx, ACCEPTED, new Taken(false, reason));
    }

    /** It may ask something, but not so that it can be understood; answered as taken all the same. */
    public void notUnderstood(Context ctx, ApiException problem) {
        var unused = refused(problem.type(), problem.line());
        Requests.answer(ctx, ACCEPTED, new Taken(false, problem.line()));
    }

    /** It asks something; answered when that is known to be kept. */
    public void taken(Context ctx, CompletableFuture<Boolean> kept) {
        CompletableFuture<Void> done = kept.thenAccept(isNew -> {
            count(isNew ? "taken" : "repeated");
            Requests.answer(
                    ctx,
                    ACCEPTED,
                    isNew ? new Taken(true, "the gate is asked") : new Taken(false, "it was taken before"));
        });
        ctx.future(() -> done);
    }

    /** It is authentic, and not to be dealt with. */
    public ApiException refused(ErrorType type, String reason) {
        count("refused");
        LOGGER.atWarn()
                .addKeyValue("caller", caller)
                .addKeyValue("reason", reason)
                .log("webhook refused");
        return new ApiException(type, reason);
    }

    private void count(String outcome) {
        registry.counter("sluice.questions.webhooks", "caller", caller, "outcome", outcome)
                .increment();
    }

    /**
     * What is answered.
     *
     * @param taken whether it has asked a gate for the first time
     * @param reason why not, or what follows
     */
    record Taken(boolean taken, String reason) {}
}
