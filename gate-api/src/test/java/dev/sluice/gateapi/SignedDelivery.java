package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.sources.webhook.HmacSignature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A delivery as one kind of sender proves that it knows a secret.
 *
 * @param source of the connection
 * @param options of it, as JSON
 * @param credential the name of the one header that proves it
 * @param proof its value, by the secret
 * @param others headers without which the sender does not call
 * @param parameters of the URL
 * @param body the bytes
 */
record SignedDelivery(
        String source,
        String options,
        String credential,
        UnaryOperator<String> proof,
        Map<String, String> others,
        String parameters,
        String body) {
    private static final String BODY = "{\"zen\": \"Keep it logically awesome.\"}";
    private static final String DEPLOYMENTS =
            "\"document\": \"deployment\", \"fields\": {\"id\": \"/id\", \"service\": \"/service\","
                    + " \"environment\": \"production\", \"state\": \"/state\", \"time\": \"/at\"}";

    /** Returns one of each way in which a sender of webhooks may prove it. */
    static List<SignedDelivery> all() {
        return List.of(
                new SignedDelivery(
                        "github",
                        "{}",
                        "X-Hub-Signature-256",
                        secret -> hmac("sha256=", secret, BODY),
                        Map.of("X-GitHub-Event", "ping", "X-GitHub-Delivery", "guid-1"),
                        "",
                        BODY),
                new SignedDelivery(
                        "gitlab",
                        "{}",
                        "X-Gitlab-Token",
                        UnaryOperator.identity(),
                        Map.of("X-Gitlab-Event", "Push Hook"),
                        "",
                        BODY),
                bearer("alertmanager", "{}", "", BODY),
                new SignedDelivery("alertmanager", "{}", "Authorization", SignedDelivery::password, Map.of(), "", BODY),
                bearer("argocd", "{}", "", BODY),
                bearer("json", "{" + DEPLOYMENTS + "}", "", BODY),
                new SignedDelivery(
                        "json",
                        "{" + DEPLOYMENTS + ", \"signature_header\": \"X-Signature\", \"signature_prefix\": \"v1=\"}",
                        "X-Signature",
                        secret -> hmac("v1=", secret, BODY),
                        Map.of(),
                        "",
                        BODY),
                new SignedDelivery(
                        "pagerduty",
                        "{}",
                        "X-PagerDuty-Signature",
                        secret -> hmac("v1=", secret, BODY),
                        Map.of(),
                        "",
                        BODY),
                bearer(
                        "terraform",
                        "{}",
                        "?service=checkout&environment=production&run=77",
                        "{\"format_version\": \"1.2\", \"errored\": false, \"resource_changes\": []}"));
    }

    private static SignedDelivery bearer(String source, String options, String parameters, String body) {
        return new SignedDelivery(
                source, options, "Authorization", secret -> "Bearer " + secret, Map.of(), parameters, body);
    }

    private static String password(String secret) {
        return "Basic " + Base64.getEncoder().encodeToString(("anybody:" + secret).getBytes(UTF_8));
    }

    static String hmac(String prefix, String secret, String body) {
        return new HmacSignature(prefix).sign(secret.getBytes(UTF_8), body.getBytes(UTF_8));
    }

    /** Returns all headers of it. */
    Map<String, String> headers(String secret) {
        Map<String, String> headers = new TreeMap<>(others);
        headers.put(credential, proof.apply(secret));
        return headers;
    }
}
