package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Outcome;
import dev.sluice.gateapi.audit.LogFollower;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest final decision of each artifact that has a digest, by gate, service and environment, as far as this replica has read the log. One thread reads, any
 * asks. It has those of a day; beyond a number it forgets the oldest of a tenant, which then are not known, and no other tenant's.
 */
public final class KnownDecisions implements LogFollower {
    private static final Logger LOGGER = LoggerFactory.getLogger(KnownDecisions.class);
    private static final int MOST_OF_TENANT = 20_000;
    private static final int MOST_OF_REASON = 500;
    private static final String RULES = "rules";
    private static final String EXEMPTION = "exemption";
    private static final Set<String> TEXTS =
            Set.of("id", "gate", "tenant", "service", "environment", "decision", "reason", "expires_at");
    private static final Set<String> PARTS = Stream.concat(
                    TEXTS.stream(), Stream.of("kind", "allowed", "artifact", "override", "policies"))
            .collect(Collectors.toUnmodifiableSet());

    private final Map<String, Map<Subject, Known>> newest = new HashMap<>();
    private final int mostOfTenant;

    /** Creates what knows nothing yet. */
    public KnownDecisions() {
        this(MOST_OF_TENANT);
    }

    KnownDecisions(int mostOfTenant) {
        this.mostOfTenant = mostOfTenant;
    }

    /**
     * What a decision is of.
     *
     * @param tenant whose
     * @param gate which gate was asked
     * @param service which service
     * @param environment where it would go
     * @param digest what would go there
     */
    public record Subject(String tenant, String gate, String service, String environment, String digest) {}

    /**
     * A final decision.
     *
     * @param id its id
     * @param isAllow whether it allows until it expires
     * @param decision allow, deny or error
     * @param reason why, shortened
     * @param expiresAt the moment from which it allows nothing
     * @param grounds what it stands on
     * @param offset where it stands in the log
     */
    public record Known(
            String id,
            boolean isAllow,
            String decision,
            String reason,
            Instant expiresAt,
            Grounds grounds,
            long offset) {
        /** Returns whether it allows at a moment. */
        public boolean allowsAt(Instant moment) {
            return isAllow && moment.isBefore(expiresAt);
        }
    }

    /** Returns the newest final decision; nothing if none is known. */
    public synchronized Optional<Known> newest(Subject subject) {
        return Optional.ofNullable(
                newest.getOrDefault(subject.tenant(), Map.of()).get(subject));
    }

    @Override
    public void take(String tenant, long offset, byte[] record) {
        JsonNode document;
        try {
            document = parts(record);
        } catch (IOException e) {
            unreadable(tenant, offset);
            return;
        }
        String kind = document.path("kind").asText("decision");
        if (kind.equals("decision")) {
            Optional<Decided> decided = Decided.read(document, offset);
            if (decided.isEmpty()) {
                unreadable(tenant, offset);
            } else if (decided.get().isOf(tenant)) {
                decided(decided.get());
            }
        } else if (kind.equals("gap")) {
            forget(tenant);
        }
    }

    /** Returns what is looked at: the rules, and what they were judged by, are most of a record and are passed over. */
    private static JsonNode parts(byte[] record) throws IOException {
        ObjectNode parts = Json.mapper().createObjectNode();
        try (JsonParser parser = Json.mapper().createParser(record)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "a record is an object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (PARTS.contains(name)) {
                    parts.set(name, parser.<JsonNode>readValueAsTree());
                } else if (name.equals(RULES) && parser.currentToken() == JsonToken.START_ARRAY) {
                    parts.set(name, exemptions(parser));
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "a record is one object");
            }
        }
        return parts;
    }

    /** Returns the rules with nothing but what exempts them. */
    private static ArrayNode exemptions(JsonParser parser) throws IOException {
        ArrayNode rules = Json.mapper().createArrayNode();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            ObjectNode rule = rules.addObject();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(EXEMPTION)) {
                    rule.set(name, parser.<JsonNode>readValueAsTree());
                } else {
                    parser.skipChildren();
                }
            }
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw new JsonParseException(parser, "a rule is an object");
        }
        return rules;
    }

    private synchronized void decided(Decided decided) {
        Map<Subject, Known> ofTenant =
                newest.computeIfAbsent(decided.subject().tenant(), tenant -> new LinkedHashMap<>());
        Known before = ofTenant.get(decided.subject());
        if (before == null || before.offset() <= decided.known().offset()) {
            ofTenant.remove(decided.subject());
            ofTenant.put(decided.subject(), decided.known());
        }
        if (ofTenant.size() > mostOfTenant) {
            ofTenant.remove(ofTenant.keySet().iterator().next());
        }
    }

    /** It may deny what another one has allowed. */
    private void unreadable(String tenant, long offset) {
        LOGGER.atWarn()
                .addKeyValue("tenant", tenant)
                .addKeyValue("offset", offset)
                .log("decision cannot be read");
        forget(tenant);
    }

    /** Records are missing: one of them may have denied what another has allowed. */
    private synchronized void forget(String tenant) {
        newest.remove(tenant);
    }

    /** A record of a decision; its digest is empty where it is of no such artifact. */
    private record Decided(Subject subject, Known known) {
        static Optional<Decided> read(JsonNode document, long offset) {
            if (!TEXTS.stream().allMatch(name -> document.path(name).isTextual())) {
                return Optional.empty();
            }
            Optional<Grounds> grounds = Grounds.read(document);
            if (grounds.isEmpty()) {
                return Optional.empty();
            }
            Instant expiresAt;
            try {
                expiresAt = Instant.parse(document.path("expires_at").textValue());
            } catch (DateTimeException e) {
                return Optional.empty();
            }
            String decision = document.path("decision").textValue();
            String reason = document.path("reason").textValue();
            return Optional.of(new Decided(
                    new Subject(
                            document.path("tenant").textValue(),
                            document.path("gate").textValue(),
                            document.path("service").textValue(),
                            document.path("environment").textValue(),
                            document.at("/artifact/digest").asText("")),
                    new Known(
                            document.path("id").textValue(),
                            decision.equals(Outcome.ALLOW.wireName())
                                    && document.path("allowed").booleanValue(),
                            decision,
                            reason.length() <= MOST_OF_REASON ? reason : reason.substring(0, MOST_OF_REASON) + "…",
                            expiresAt,
                            grounds.get(),
                            offset)));
        }

        boolean isOf(String tenant) {
            return subject.tenant().equals(tenant)
                    && !subject.digest().isEmpty()
                    && !known.decision().equals(Outcome.PENDING.wireName());
        }
    }
}
