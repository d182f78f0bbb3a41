package dev.sluice.gateapi.deliver;

import static java.util.Objects.requireNonNull;

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
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who is told to roll back, or that people must look; or who is asked by the rules of gates.
 *
 * @param kind how they are spoken to
 * @param url where; it may hold a secret and is never told
 * @param settings what the kind needs beside
 * @param secrets where the keys are that sign or let in; while they are replaced there are two
 */
public record Endpoint(Kind kind, URI url, SortedMap<String, String> settings, SecretReferences secrets) {
    private static final String KIND = "kind";
    private static final String URL = "url";
    private static final int LONGEST_TEXT = 2_000;
    private static final String SECRET_NEEDED =
            "an endpoint needs secret_env or secret_file: without one whoever rolls back cannot tell who asks";

    private static final Map<Kind, Protocol> PROTOCOLS = new EnumMap<>(Map.of(
            Kind.WEBHOOK, new StandardWebhook(),
            Kind.GITHUB_DISPATCH, new GithubDispatch(),
            Kind.GITLAB_PIPELINE, new GitlabPipeline(),
            Kind.SPINNAKER_WEBHOOK, new SpinnakerWebhook(),
            Kind.ARGO_ROLLOUT, new ArgoRollout(),
            Kind.KUBERNETES_DEPLOYMENT, new KubernetesDeployment(),
            Kind.ARGO_CD, new ArgoCd(),
            Kind.NOMAD, new Nomad(),
            Kind.GITLAB_JOB_RETRY, new GitlabJobRetry()));

    private static final Map<Kind, KeyForm> KEYS = new EnumMap<>(Map.of(Kind.OPEN_POLICY_AGENT, new BearerToken()));

    private static final Pattern GITLAB_PROJECT = Pattern.compile("[A-Za-z0-9._/-]{1,300}");
    /** A label of RFC 1123, as namespaces and containers of Kubernetes have. */
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    /** A subdomain of RFC 1123, as most objects of Kubernetes have. */
    private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

    private static final Pattern OF_NOMAD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** The form of what a kind needs beside a URL and a secret. */
    private static final Map<Kind, SortedMap<String, Pattern>> SETTINGS = new EnumMap<>(Map.of(
            Kind.GITHUB_DISPATCH,
            new TreeMap<>(Map.of("repository", Pattern.compile("[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}"))),
            Kind.GITLAB_PIPELINE,
            new TreeMap<>(Map.of("project", GITLAB_PROJECT, "ref", Pattern.compile("[^\\s~^:?*\\[\\\\]{1,300}"))),
            Kind.ARGO_ROLLOUT,
            new TreeMap<>(Map.of("namespace", LABEL, "rollout", SUBDOMAIN, "container", LABEL)),
            Kind.KUBERNETES_DEPLOYMENT,
            new TreeMap<>(Map.of("namespace", LABEL, "deployment", SUBDOMAIN, "container", LABEL)),
            Kind.ARGO_CD,
            new TreeMap<>(Map.of("application", SUBDOMAIN)),
            Kind.NOMAD,
            new TreeMap<>(Map.of("namespace", OF_NOMAD, "job", OF_NOMAD, "task", OF_NOMAD)),
            Kind.GITLAB_JOB_RETRY,
            new TreeMap<>(
                    Map.of("project", GITLAB_PROJECT, "environment", Pattern.compile("[A-Za-z0-9 _/.${}-]{1,255}")))));

    /** How an endpoint is spoken to. */
    public enum Kind {
        /** As Standard Webhooks. */
        WEBHOOK(null),
        /** By a repository dispatch of GitHub. */
        GITHUB_DISPATCH("https://api.github.com"),
        /** By a trigger of GitLab. */
        GITLAB_PIPELINE("https://gitlab.com"),
        /** By a webhook of Spinnaker. */
        SPINNAKER_WEBHOOK(null),
        /** By the API of Kubernetes: a Rollout of Argo. */
        ARGO_ROLLOUT(null),
        /** By the API of Kubernetes: a Deployment. */
        KUBERNETES_DEPLOYMENT(null),
        /** By the API of Argo CD. */
        ARGO_CD(null),
        /** By the API of Nomad. */
        NOMAD(null),
        /** By the API of GitLab: a job that is run again. */
        GITLAB_JOB_RETRY("https://gitlab.com"),
        /** Not told, but asked, by the rules of gates: an Open Policy Agent. */
        OPEN_POLICY_AGENT(null);

        private final @Nullable String usualUrl;

        Kind(@Nullable String usualUrl) {
            this.usualUrl = usualUrl;
        }

        Protocol protocol() {
            return requireNonNull(PROTOCOLS.get(this), label());
        }

        private KeyForm key() {
            KeyForm own = KEYS.get(this);
            return own == null ? protocol() : own;
        }

        private SortedMap<String, Pattern> settings() {
            return SETTINGS.getOrDefault(this, Collections.emptySortedMap());
        }

        /** Returns the name in documents, e.g. {@code github-dispatch}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private static Optional<Kind> of(String label) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label().equals(label))
                    .findFirst();
        }

        private static String labels() {
            return Arrays.stream(values()).map(Kind::label).collect(Collectors.joining(", "));
        }
    }

    public Endpoint {
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

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
        if (!body.has(KIND)) {
            body.wrong(KIND, "kind is missing: it is one of " + Kind.labels());
        }
        Optional<Kind> kind = body.optional(KIND, Kind::of, "one of " + Kind.labels());
        Optional<URI> url = kind.flatMap(of -> url(body, of, rules));
        SortedMap<String, String> settings = new TreeMap<>();
        kind.ifPresent(of -> of.settings()
                .forEach((name, form) -> body.required(name, LONGEST_TEXT).ifPresent(value -> {
                    if (form.matcher(value).matches()) {
                        settings.put(name, value);
                    } else {
                        body.wrong(name, "this is no " + name);
                    }
                })));
        body.readElsewhere(SecretReferences.FIELDS);
        Optional<SecretReferences> secrets = SecretReferences.read(new Place(json, ""), SECRET_NEEDED, body::wrongAt);
        boolean usable = kind.isPresent()
                && secrets.isPresent()
                && secrets.get()
                        .resolve(places, body::wrongAt)
                        .map(keys -> isRight(keys, kind.get().key(), body))
                        .orElse(false);
        body.rejectUnknown();
        return kind.isEmpty()
                        || url.isEmpty()
                        || !usable
                        || settings.size() < kind.get().settings().size()
                ? Optional.empty()
                : Optional.of(new Endpoint(kind.get(), url.get(), settings, secrets.get()));
    }

    private static Optional<URI> url(Members body, Kind kind, EgressRules rules) {
        Optional<String> text =
                kind.usualUrl == null || body.has(URL) ? body.required(URL, LONGEST_TEXT) : Optional.of(kind.usualUrl);
        return text.flatMap(given -> destination(given, body, rules)).filter(given -> isBase(given, kind, body));
    }

    /** A path is added to the URL of a kind but for webhooks, so that it cannot have a query. */
    private static boolean isBase(URI url, Kind kind, Members body) {
        boolean right = url.getRawQuery() == null || kind == Kind.WEBHOOK || kind == Kind.SPINNAKER_WEBHOOK;
        if (!right) {
            body.wrong(URL, "the URL must have no query");
        }
        return right;
    }

    private static Optional<URI> destination(String text, Members body, EgressRules rules) {
        try {
            return Optional.of(rules.destination(text));
        } catch (EgressException e) {
            body.wrong(URL, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static boolean isRight(List<byte[]> keys, KeyForm form, Members body) {
        boolean right = keys.stream().allMatch(form::isKey);
        if (!right) {
            body.wrongAt("", "the secret must be " + form.keyExpected());
        }
        return right;
    }

    /** Reads what was set up. */
    public static Endpoint of(Control control) {
        JsonNode document = control.document();
        Kind kind = Kind.of(document.path(KIND).asText()).orElseThrow();
        SecretReferences secrets = SecretReferences.read(
                        new Place(document, ""), SECRET_NEEDED, (pointer, problem) -> {})
                .orElseThrow();
        SortedMap<String, String> settings = new TreeMap<>();
        kind.settings()
                .keySet()
                .forEach(name -> settings.put(name, document.path(name).asText()));
        return new Endpoint(kind, URI.create(document.path(URL).asText()), settings, secrets);
    }

    /** Returns this as it is set up. */
    public ObjectNode json() {
        ObjectNode document =
                Json.mapper().createObjectNode().put(KIND, kind.label()).put(URL, url.toString());
        settings.forEach(document::put);
        secrets.write(document);
        return document;
    }

    /** Returns what the kind needs by a name. */
    String setting(String name) {
        return requireNonNull(settings.get(name), name);
    }

    /** Returns the URL without a slash at its end. */
    String base() {
        return url.toString().replaceAll("/+$", "");
    }

    /** Returns whether any message can be told, and not only orders. */
    public boolean takesMessages() {
        return kind == Kind.WEBHOOK;
    }

    /** Returns whether it can be told to roll back. */
    public boolean takesOrders() {
        return kind != Kind.OPEN_POLICY_AGENT;
    }

    /** Returns the URL as far as it may be shown: its path and query may be secret. */
    public String shownUrl() {
        return url.getScheme() + "://" + url.getAuthority() + "/...";
    }

    /** The host, and neither the rest of the URL nor secrets. */
    @Override
    public String toString() {
        return "Endpoint[kind=" + kind.label() + ", host=" + url.getHost() + "]";
    }
}
