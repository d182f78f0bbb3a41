package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.EgressException;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Tells endpoints messages, each in the protocol of its kind. */
public final class EndpointSender {
    private final OutboundRequests requests;
    private final TenantSecrets secrets;

    /**
     * Creates one, to be shared.
     *
     * @param requests sends
     * @param secrets from where the secrets of endpoints may be taken
     */
    public EndpointSender(OutboundRequests requests, TenantSecrets secrets) {
        this.requests = requests;
        this.secrets = secrets;
    }

    /**
     * Sends a message. Returns at once.
     *
     * @param tenant whose the endpoint is
     * @param endpoint to whom
     * @param message what is said
     * @param now the moment
     * @return what came of it; never fails
     */
    public CompletableFuture<Answer> send(String tenant, Endpoint endpoint, Message message, Instant now) {
        Protocol protocol = endpoint.kind().protocol();
        List<String> problems = new ArrayList<>();
        Optional<List<byte[]>> keys =
                endpoint.secrets().resolve(secrets.of(tenant), (pointer, problem) -> problems.add(problem));
        if (keys.isEmpty() || !keys.get().stream().allMatch(protocol::isKey)) {
            return CompletableFuture.completedFuture(Answer.of(
                    Outcome.FAILED,
                    "the secret cannot be used: "
                            + (problems.isEmpty() ? "it must be " + protocol.keyExpected() : problems.get(0))));
        }
        return CompletableFuture.completedFuture(keys.get())
                .thenCompose(found -> protocol.tell(
                        endpoint, message, found, now, request -> requests.send(request.onBehalfOf(tenant))))
                .exceptionally(EndpointSender::unanswered);
    }

    private static Answer unanswered(Throwable failure) {
        @Nullable Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return Answer.of(
                Outcome.FAILED,
                cause instanceof EgressException || cause instanceof Talk.TooLateException
                        ? String.valueOf(cause.getMessage())
                        : "it could not be sent: "
                                + (cause == null ? "" : cause.getClass().getSimpleName()));
    }
}
