package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.EgressException;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.rollback.DeliveryReport.Outcome;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.http.HttpMessageFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Posts a message as a webhook that is a Standard Webhook 1.0 and a CloudEvent 1.0 in binary mode at once. 202 says that it has
 * arrived, any other 2xx that it will be done as well. 409, 410, 412 and 422 refuse it: something else runs there, or nobody listens
 * any more, and to say it again is of no use. Anything else is tried again.
 */
public final class WebhookSender {
    private static final URI SOURCE = URI.create("/sluice/rollbacks");
    private static final String JSON = "application/json";
    private static final int ACCEPTED = 202;
    private static final Set<Integer> REFUSALS = Set.of(409, 410, 412, 422);

    private final OutboundRequests requests;
    private final SecretPlaces places;

    /**
     * Creates one, to be shared.
     *
     * @param requests sends
     * @param places from where the secrets of endpoints may be taken
     */
    public WebhookSender(OutboundRequests requests, SecretPlaces places) {
        this.requests = requests;
        this.places = places;
    }

    /**
     * Sends a message. Returns at once.
     *
     * @param endpoint to whom
     * @param message what is said
     * @param now the moment
     * @return what came of it; never fails
     */
    public CompletableFuture<Answer> send(Endpoint endpoint, Message message, Instant now) {
        List<String> problems = new ArrayList<>();
        Optional<List<byte[]>> keys = endpoint.secrets().resolve(places, (pointer, problem) -> problems.add(problem));
        if (keys.isEmpty() || !keys.get().stream().allMatch(WebhookKey::isRight)) {
            return CompletableFuture.completedFuture(Answer.of(
                    Outcome.FAILED,
                    "it cannot be signed: " + (problems.isEmpty() ? "the secret is no key" : problems.get(0))));
        }
        return requests.send(request(endpoint.url(), message, keys.get(), now)).handle(WebhookSender::answer);
    }

    private static OutboundRequest request(URI url, Message message, List<byte[]> keys, Instant now) {
        Map<String, String> headers = new TreeMap<>();
        CloudEvent event = CloudEventBuilder.v1()
                .withId(message.id())
                .withSource(SOURCE)
                .withType(message.type())
                .withSubject(message.subject())
                .withTime(message.at().atOffset(ZoneOffset.UTC))
                .withData(JSON, message.body().getBytes(StandardCharsets.UTF_8))
                .build();
        var body = new CompletableFuture<byte[]>();
        HttpMessageFactory.createWriter(headers::put, body::complete).writeBinary(event);
        headers.put("webhook-id", message.id());
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        headers.put(
                "webhook-signature",
                keys.stream()
                        .map(key -> WebhookKey.sign(key, message.id(), now, message.body()))
                        .collect(Collectors.joining(" ")));
        return new OutboundRequest("POST", url, headers, body.join());
    }

    private static Answer answer(@Nullable OutboundAnswer answer, @Nullable Throwable failure) {
        if (answer == null) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return Answer.of(
                    Outcome.FAILED,
                    cause instanceof EgressException
                            ? String.valueOf(cause.getMessage())
                            : "it could not be sent: "
                                    + (cause == null ? "" : cause.getClass().getSimpleName()));
        }
        String words = "answered with " + answer.status();
        if (answer.isSuccess()) {
            return Answer.of(answer.status() == ACCEPTED ? Outcome.DELIVERED : Outcome.ACKNOWLEDGED, words);
        }
        return REFUSALS.contains(answer.status())
                ? Answer.of(Outcome.REFUSED, words)
                : new Answer(Outcome.FAILED, words, answer.retryAfter());
    }
}
