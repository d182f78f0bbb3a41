package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A protocol in which Sluice itself rolls back, at a server that knows nothing of orders: it reads what is there, compares it with what
 * the order expects and with what it is to bring about, and then changes it, where it can under the condition that it is still
 * what was read. Where it would have to guess it refuses. What the order is to bring about and is there already is acknowledged, so that an order that
 * comes twice has one effect.
 */
abstract class Conversation implements Protocol {
    static final String FENCED = "something else is there than what the order expects";
    static final String UNKNOWN = "what the order is to bring about is not among what is kept there";
    static final String AMBIGUOUS =
            "there are several different things of the version that the order is to bring about";
    static final String NO_CANARY = "there is no canary that could be ended this way";
    private static final String THERE = "what the order is to bring about is there already";
    private static final Duration LONGEST = Duration.ofSeconds(2);

    @Override
    public final boolean isKey(byte[] secret) {
        return Token.isRight(secret);
    }

    @Override
    public final String keyExpected() {
        return Token.EXPECTED;
    }

    @Override
    public final CompletableFuture<Answer> tell(
            Endpoint endpoint, Message message, List<byte[]> keys, Instant now, Exchange exchange) {
        return tell(
                endpoint,
                Wanted.of(message.data()),
                new Talk(endpoint.base(), headers(Token.text(keys.get(0))), exchange, LONGEST));
    }

    /** Returns the headers of each request, with the token that lets in. */
    abstract Map<String, String> headers(String token);

    /**
     * Brings about what an order asks for.
     *
     * @param endpoint where
     * @param wanted the order
     * @param talk asks and changes
     */
    abstract CompletableFuture<Answer> tell(Endpoint endpoint, Wanted wanted, Talk talk);

    static CompletableFuture<Answer> isThere() {
        return Talk.end(Outcome.ACKNOWLEDGED, THERE);
    }

    /**
     * Goes on with the one thing that is meant.
     *
     * @param found all that may be meant, the newest first; one that says the same as another is not another one
     * @param said what one says
     * @param next goes on with the newest
     */
    static CompletableFuture<Answer> withTheOne(
            List<JsonNode> found,
            Function<JsonNode, JsonNode> said,
            Function<JsonNode, CompletableFuture<Answer>> next) {
        if (found.isEmpty()) {
            return Talk.refused(UNKNOWN);
        }
        Collection<JsonNode> different = new HashSet<>(found.stream().map(said).toList());
        return different.size() > 1 ? Talk.refused(AMBIGUOUS) : next.apply(found.get(0));
    }
}
