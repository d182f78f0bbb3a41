package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.egress.EgressException;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.sources.Place;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who is told to roll back, or that people must look: a URL that takes
 * <a href="https://www.standardwebhooks.com">Standard Webhooks</a>.
 *
 * @param url where to post; it may hold a secret and is never told
 * @param secrets where the keys are that sign; while they are replaced both do
 */
public record Endpoint(URI url, SecretReferences secrets) {
    private static final String KIND = "kind";
    private static final String WEBHOOK = "webhook";
    private static final String URL = "url";
    private static final int LONGEST_URL = 2_000;
    private static final String SECRET_NEEDED =
            "an endpoint needs secret_env or secret_file: without a signature whoever rolls back cannot tell who asks";

    /**
     * Reads the body of a request.
     *
     * @param body the body, which this is told of all that is wrong
     * @param json the same
     * @param rules where may be sent to
     * @param places from where secrets may be taken
     * @return nothing if something is wrong
     */
    public static Optional<Endpoint> read(Members body, JsonNode json, EgressRules rules, SecretPlaces places) {
        Optional<String> kind = body.optional(
                KIND, text -> Optional.of(text).filter(WEBHOOK::equals), "a kind of endpoint: " + WEBHOOK);
        if (!body.has(KIND)) {
            body.wrong(KIND, "kind is missing: it is " + WEBHOOK);
        }
        Optional<URI> url = body.required(URL, LONGEST_URL).flatMap(text -> destination(text, body, rules));
        body.readElsewhere(SecretReferences.FIELDS);
        Optional<SecretReferences> secrets = SecretReferences.read(new Place(json, ""), SECRET_NEEDED, body::wrongAt);
        boolean usable = secrets.isPresent()
                && secrets.get()
                        .resolve(places, body::wrongAt)
                        .map(keys -> isRight(keys, body))
                        .orElse(false);
        body.rejectUnknown();
        return kind.isEmpty() || url.isEmpty() || !usable
                ? Optional.empty()
                : Optional.of(new Endpoint(url.get(), secrets.get()));
    }

    private static Optional<URI> destination(String text, Members body, EgressRules rules) {
        try {
            return Optional.of(rules.destination(text));
        } catch (EgressException e) {
            body.wrong(URL, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean isRight(List<byte[]> keys, Members body) {
        boolean right = keys.stream().allMatch(WebhookKey::isRight);
        if (!right) {
            body.wrongAt("", "a secret of an endpoint must be " + WebhookKey.EXPECTED);
        }
        return right;
    }

    /** Reads what was set up. */
    public static Endpoint of(Control control) {
        JsonNode document = control.document();
        SecretReferences secrets = SecretReferences.read(
                        new Place(document, ""), SECRET_NEEDED, (pointer, problem) -> {})
                .orElseThrow();
        return new Endpoint(URI.create(document.path(URL).asText()), secrets);
    }

    /** Returns this as it is set up. */
    public ObjectNode json() {
        ObjectNode document =
                Json.mapper().createObjectNode().put(KIND, WEBHOOK).put(URL, url.toString());
        secrets.write(document);
        return document;
    }

    /** Returns the URL as far as it may be shown: its path and query may be secret. */
    public String shownUrl() {
        return url.getScheme() + "://" + url.getAuthority() + "/...";
    }

    /** The host, and neither the rest of the URL nor secrets. */
    @Override
    public String toString() {
        return "Endpoint[host=" + url.getHost() + "]";
    }
}
