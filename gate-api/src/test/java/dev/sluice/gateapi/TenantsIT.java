package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.sha256;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.keys.SigningKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who may do everything in their own tenant asks for what is another one's, by each operation of the document: they are answered
 * as about what nobody has, and nothing changes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TenantsIT {
    private static final String VICTIM = "token-of-the-victim";
    private static final String STRANGER = "token-of-the-stranger";
    /** What the victim calls all things, and what nobody calls anything. */
    private static final String REAL = "zanzibar";

    private static final String ABSENT = "atlantis";

    /** Their names are a part of the URL that others send to, one for all tenants: who takes one that is taken is told so. */
    private static final Set<String> NAMES_OF_ALL =
            Set.of("PUT /v1/connections/{id}", "PUT /v1/github-apps/{name}", "PUT /v1/gitlab-servers/{name}");

    /** It begins a run of a name, of which there may be one in each tenant. */
    private static final String BEGINS = "POST /v1/spinnaker/canaries/{id}";

    /** What the victim themselves does, and when, comes into it later. */
    private static final Set<String> GROWING = Set.of("GET /audit", "GET /v1/audit/head");

    /** Asked of ClickHouse, which is not there: StoredReportIT has one. */
    private static final String STORED = "GET /v1/deliveries/{id}";

    /** They are the same for everybody, or about the process: no tenant's. */
    private static final Set<String> OF_NOBODY = Set.of("POST /judge", "GET /judges");

    /** Bodies that set something up in any tenant; by the document's, secrets lie where one tenant alone has some. */
    private static final Map<String, String> BODIES = Map.ofEntries(
            Map.entry(
                    "PUT /v1/connections/{id}",
                    "{\"source\": \"alertmanager\", \"secret_file\": \"own\", \"service\": \"checkout\"}"),
            Map.entry(
                    "PUT /v1/endpoints/{name}",
                    "{\"kind\": \"webhook\", \"url\": \"https://deployer.example.org/checkout\", \"secret_file\": \"own\"}"),
            Map.entry(
                    "PUT /v1/github-apps/{name}",
                    "{\"app_id\": 12345, \"api_url\": \"https://github.example.org/api/v3\", \"gate\": \"production\","
                            + " \"owners\": [7], \"installations\": [9], \"repositories\": {\"101\": \"checkout\"},"
                            + " \"environments\": {\"production\": \"production\"}, \"version\": \"sha\","
                            + " \"secret_file\": \"own\", \"private_key\": {\"secret_file\": \"key\"}}"),
            Map.entry(
                    "PUT /v1/gitlab-servers/{name}",
                    "{\"api_url\": \"https://gitlab.invalid\", \"projects\": {\"1\": \"checkout\"},"
                            + " \"merge_requests\": {\"gate\": \"g\", \"environment\": \"e\", \"secret_file\": \"own\"},"
                            + " \"token\": {\"secret_file\": \"own\"}}"),
            Map.entry(
                    "PUT /v1/rollback-plans/{service}/{environment}",
                    "{\"on_failed_canary\": true, \"endpoint\": \"checkout\"}"),
            Map.entry(
                    "PUT /v1/drill-schedules/{name}",
                    "{\"service\": \"checkout\", \"environment\": \"staging\", \"rrule\": \"FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU\","
                            + " \"start\": \"2026-01-06T10:00\", \"zone\": \"Europe/Berlin\", \"within\": \"1d\","
                            + " \"endpoint\": \"checkout\"}"),
            Map.entry(
                    "PUT /v1/policies/{name}",
                    "name: checkout\nversion: \"1\"\ngates: [staging]\nenvironments: [staging]\nrules:\n"
                            + "  - {id: fail-rate, mode: enforce, metric: change_fail_rate, window: 30d, operator: \"<=\","
                            + " threshold: 0.2}\n"));

    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"form_token\" value=\"([0-9a-f]{64})\"");
    /** What differs between two answers to the same question. */
    private static final Pattern VOLATILE = Pattern.compile(
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z|"
                    + "slc_live_[0-9A-Za-z_]+|\\b[0-9]{10}\\.[0-9]{3}\\b|\\b[0-9a-f]{32}\\b|argo-[0-9a-f]{12}-[0-9a-f]{12}|\"key_id\":\"[0-9A-Za-z]{12}\"|\\bd-[0-9]+-[0-9]+\\b|sha256:[0-9a-f]{64}|"
                    + "[0-9a-f]{64}|\"[a-z_]*(age_ms|age_seconds|stale_after_ms|freshness_ms|offset)\":[0-9.]+");

    @TempDir
    static Path directory;

    private static final List<DocumentedOperation> OPERATIONS = DocumentedOperation.all();
    /** What stands in the path of an operation: the victim's, and nobody's, by the beginning of the path. */
    private static final Map<String, Place> PLACES = new TreeMap<>(Comparator.reverseOrder());

    /** What a stranger was answered about the victim's things, by operation. */
    private static final Map<String, String> ANSWERED = new TreeMap<>();

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi api;
    private static HttpServer prometheus;
    private static String policyDigest = "";

    /**
     * What stands in a path.
     *
     * @param real the victim's
     * @param absent nobody's
     */
    private record Place(String real, String absent) {
        static final Place NAME = new Place(REAL, ABSENT);

        static Place of(String id) {
            return new Place(id, id.substring(0, id.length() - 4) + (id.endsWith("0000") ? "1111" : "0000"));
        }
    }

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(
                directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ann, owner: ann, sha256: %1$s, tenant: default, scopes: [%3$s]}
                  - {id: eve, owner: eve, sha256: %2$s, tenant: other, scopes: [%3$s]}
                """.formatted(sha256(VICTIM), sha256(STRANGER), Verb.scopes()));
        Path secrets = directory.resolve("secrets");
        for (Path one : List.of(secrets, secrets.resolve("other"))) {
            Files.createDirectories(one);
            Files.writeString(one.resolve("own"), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
            Files.writeString(one.resolve("key"), Pem.next());
        }
        prometheus = constant();
        Path sources = Files.writeString(
                directory.resolve("sources.yaml"),
                "sources: [{name: main, type: prometheus, url: 'http://127.0.0.1:%d', tenants: [default]}]"
                        .formatted(prometheus.getAddress().getPort()));
        SigningKeys.create(directory.resolve("keys/1.jwk.json"));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withRateLimits(new RateLimits.Settings(5_000, 10_000, 10_000))
                .withFiles(GateApiFiles.NONE
                        .withTokens(tokens)
                        .withSecrets(secrets)
                        .withMetricSources(sources)
                        .withSigningKeys(directory.resolve("keys"))));
        awaitReady(api);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        setUp();
    }

    /** A Prometheus in which each metric is one, on the day of the document's examples. */
    private static HttpServer constant() throws IOException {
        long start = Instant.parse("2026-03-01T12:00:00Z").getEpochSecond();
        byte[] answer = IntStream.rangeClosed(0, 60)
                .mapToObj(minute -> "[" + (start + 60L * minute) + ",\"1\"]")
                .collect(Collectors.joining(
                        ",",
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[{\"metric\":{},\"values\":[",
                        "]}]}}"))
                .getBytes(StandardCharsets.UTF_8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {jobs, api, broker}) {
            if (one != null) {
                one.close();
            }
        }
        if (prometheus != null) {
            prometheus.stop(0);
        }
    }

    private static DocumentedOperation operation(String name) {
        return OPERATIONS.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The victim has one of each thing that can be named. */
    private static void setUp() throws Exception {
        GateApiFixture.put(jobs, GateApiFixture.row(REAL, 19, 20), 1);
        GateApiFixture.put(jobs, GateApiFixture.running(REAL, "v2", false), 1);
        GateApiFixture.progress(jobs, Instant.now());
        await(
                () -> created("POST /v1/gates/{gate}/evaluate", "/v1/gates/production/evaluate", "")
                        .at("/decision")
                        .equals("allow"),
                () -> "no decision");
        for (DocumentedOperation one : OPERATIONS) {
            if (one.method().equals("PUT")
                    && one.path().matches("/v1/[a-z-]+/(\\{(id|name)}|\\{service}/\\{environment})")) {
                PLACES.put(one.path(), Place.NAME);
                Answer answer = created(one.name(), target(one.path(), REAL), "");
                if (one.path().startsWith("/v1/policies/")) {
                    policyDigest = answer.at("/versions/0/digest");
                }
            }
        }
        created("PUT /v1/freezes/{name}", "/v1/freezes/" + REAL + "-2", "");
        created("POST /v1/tokens", "/v1/tokens", "");
        PLACES.put("/v1/tokens/", new Place("deploys-" + REAL, "deploys-" + ABSENT));
        String receipt = created("POST /v1/events", "/v1/events", "").at("/deliveries/0/id");
        PLACES.put("/v1/deliveries/", new Place(receipt, receipt + "000"));
        String decision = created("POST /v1/gates/{gate}/evaluate", "/v1/gates/production/evaluate", "")
                .at("/id");
        PLACES.put("/v1/decisions/", Place.of(decision));
        PLACES.put("/decisions/", Place.of(decision));
        PLACES.put("/v1/gates/", Place.NAME);
        PLACES.put(
                "/v1/exemptions/",
                Place.of(created("POST /v1/exemptions", "/v1/exemptions", "").at("/id")));
        String override = created("POST /v1/overrides", "/v1/overrides", "").at("/id");
        PLACES.put("/v1/overrides/", Place.of(override));
        PLACES.put("/approvals/overrides/", Place.of(override));
        PLACES.put("/freezes/", new Place(REAL + "-2", ABSENT + "-2"));
        created("POST /v1/approvals", "/v1/approvals", "");
        created("POST /v1/validations", "/v1/validations", "");
        created("POST /v1/artifacts", "/v1/artifacts", "");
        created("POST /v1/rollback-drills", "/v1/rollback-drills", "");
        created("POST /v1/error-budgets", "/v1/error-budgets", "");
        created("POST /v1/canaries", "/v1/canaries", "{\"id\": \"" + REAL + "-1-5-0\", ");
        PLACES.put("/v1/canaries/", new Place(REAL + "-1-5-0", ABSENT + "-1-5-0"));
        PLACES.put("/canaries/", new Place(REAL + "-1-5-0", ABSENT + "-1-5-0"));
        created("POST /v1/spinnaker/canaries/{id}", "/v1/spinnaker/canaries/" + REAL, "");
        PLACES.put("/v1/spinnaker/canaries/", Place.NAME);
        created("POST /v1/argo-rollouts/verdict", "/v1/argo-rollouts/verdict", "");
        String config = created("POST /canaryConfig", "/canaryConfig", "").at("/canaryConfigId");
        PLACES.put("/canaryConfig/", Place.of(config));
        String execution =
                created("POST /canary", "/canary?metricsAccountName=main", "").at("/canaryExecutionId");
        await(
                () -> asked(VICTIM, "GET /canary/{id}", "/canary/" + execution, "")
                        .json()
                        .path("complete")
                        .booleanValue(),
                () -> asked(VICTIM, "GET /canary/{id}", "/canary/" + execution, "")
                        .text());
        PLACES.put("/canary/", Place.of(execution));
        PLACES.put("/pipelines/", Place.of(execution));
        PLACES.put("/metricSetPairList/", Place.of(execution));
        String order = ordered();
        PLACES.put("/v1/rollbacks/", Place.of(order));
        PLACES.put("/rollbacks/", Place.of(order));
    }

    /** An order as the rollback job publishes it, to an endpoint that is not there. */
    private static String ordered() throws Exception {
        String id = FailedCanary.ordered(broker.bootstrapServers(), jobs, REAL);
        await(
                () -> asked(VICTIM, "GET /v1/rollbacks/{id}", "/v1/rollbacks/" + id, "")
                                .status()
                        == 200,
                () -> asked(VICTIM, "GET /v1/rollbacks", "/v1/rollbacks", "").text());
        return id;
    }

    /** Has the victim do something that works. */
    private static Answer created(String operation, String target, String more) {
        Answer answer = asked(
                VICTIM,
                operation,
                target,
                more.isEmpty()
                        ? body(operation(operation), REAL)
                        : more + body(operation(operation), REAL).substring(1));
        assertThat(answer.status()).as(operation + " " + answer.text()).isIn(200, 201, 202);
        return answer;
    }

    private static String target(String path, String id) {
        return path.replace("{environment}", "production").replaceAll("\\{[a-z]+}", Matcher.quoteReplacement(id));
    }

    private static String body(DocumentedOperation operation, String name) {
        return BODIES.getOrDefault(operation.name(), operation.body())
                .replace("checkout", name)
                .replaceFirst("\"digest\":\"sha256:1fd2[0-9a-f]+\"", "\"digest\":\"" + policyDigest + "\"");
    }

    private static Answer asked(String token, String operation, String target, String body) {
        return GateApiFixture.send(
                operation(operation).request(api, target, body).header("Authorization", "Bearer " + token));
    }

    /** Returns an answer without what differs between two of them, and without the name that was asked for. */
    private static String comparable(Answer answer, String... names) {
        String text = answer.text();
        for (String name : names) {
            text = text.replace(name, "NAME");
        }
        return VOLATILE.matcher(text).replaceAll("VOLATILE");
    }

    private static Place place(DocumentedOperation operation) {
        if (operation.name().equals("POST /canary/{id}")) {
            return requireNonNull(PLACES.get("/canaryConfig/"), "the id of a config");
        }
        return PLACES.entrySet().stream()
                .filter(entry -> operation.path().startsWith(entry.getKey()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no id to try " + operation.name() + " with"))
                .getValue();
    }

    private static List<DocumentedOperation> ofTenants() {
        return OPERATIONS.stream()
                .filter(one -> !one.isOpen() && !OF_NOBODY.contains(one.name()))
                .sorted(Comparator.comparing(
                        one -> List.of("GET", "POST", "DELETE", "PUT").indexOf(one.method())))
                .toList();
    }

    @Test
    @Order(1)
    void aStrangerIsAnsweredAsAboutWhatNobodyHas_byEachOperation_andChangesNothing() throws Exception {
        Map<String, String> before = owned();
        assertThat(before.values()).filteredOn(text -> text.contains(REAL)).hasSizeGreaterThanOrEqualTo(35);
        var stranger = new Asker(STRANGER);
        List<String> wrong = new ArrayList<>();
        for (DocumentedOperation one : ofTenants()) {
            Place place = one.hasId() ? place(one) : Place.NAME;
            Answer real = stranger.ask(one, place.real(), REAL);
            String told = comparable(real, place.real(), REAL);
            ANSWERED.put(one.name(), told);
            if (one.method().equals("PUT") && one.path().startsWith("/v1/") && !NAMES_OF_ALL.contains(one.name())) {
                assertThat(real.status())
                        .as(one.name() + ": sets up their own " + real.text())
                        .isIn(200, 202);
            }
            if (!one.hasId() && !(one.target() + body(one, "checkout")).contains("checkout")) {
                if (real.text().contains(REAL)) {
                    wrong.add(one.name() + " shows " + real.text());
                }
                continue;
            }
            Answer absent = stranger.ask(one, place.absent(), ABSENT);
            if (NAMES_OF_ALL.contains(one.name())) {
                assertThat(told).as(one.name()).startsWith("409 ").contains("taken");
            } else if (!told.equals(comparable(absent, place.absent(), ABSENT))) {
                wrong.add(one.name() + "\n  " + told + "\n  " + comparable(absent, place.absent(), ABSENT));
            }
        }

        assertThat(wrong).isEmpty();
        owned().forEach((operation, text) -> assertThat(text).as(operation).isEqualTo(before.get(operation)));
        Answer audit = asked(VICTIM, "GET /audit", "/audit", "");
        assertThat(audit.text()).contains("<td>ann</td>").doesNotContain("<td>eve</td>");
    }

    /** All that the victim sees, in whichever way. */
    private static Map<String, String> owned() throws Exception {
        var victim = new Asker(VICTIM);
        Map<String, String> owned = new TreeMap<>();
        for (DocumentedOperation one : ofTenants()) {
            if (one.method().equals("GET") && !GROWING.contains(one.name())) {
                owned.put(
                        one.name(),
                        comparable(victim.ask(one, one.hasId() ? place(one).real() : REAL, REAL)));
            }
        }
        return owned;
    }

    /** The other side of it: whose it is gets something else, so that the ids are those of something. */
    @Test
    @Order(2)
    void whoseItIsIsAnsweredOtherwise() throws Exception {
        var victim = new Asker(VICTIM);
        List<String> same = new ArrayList<>();
        for (DocumentedOperation one : ofTenants()) {
            if (one.hasId()
                    && !one.method().equals("PUT")
                    && !Set.of(BEGINS, STORED).contains(one.name())) {
                Place place = place(one);
                if (comparable(victim.ask(one, place.real(), REAL), place.real(), REAL)
                        .equals(ANSWERED.get(one.name()))) {
                    same.add(one.name() + " " + ANSWERED.get(one.name()));
                }
            }
        }

        assertThat(same).isEmpty();
    }

    /** Somebody who asks with a token, or on a page. */
    private static final class Asker {
        private final String token;
        private final String cookie;
        private final String formToken;

        Asker(String token) {
            this.token = token;
            Answer signedIn = GateApiFixture.send(GateApiFixture.request(api, "/sign-in")
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("token=" + token)));
            cookie = signedIn.header("Set-Cookie").replaceAll(";.*", "");
            Matcher found = FORM_TOKEN.matcher(GateApiFixture.send(GateApiFixture.request(api, "/freezes")
                            .header("Cookie", cookie)
                            .GET())
                    .text());
            assertThat(found.find()).isTrue();
            formToken = found.group(1);
        }

        Answer ask(DocumentedOperation operation, String id, String name) {
            String to = operation.hasId()
                    ? target(operation.path(), id)
                    : operation.target().replace("checkout", name);
            String body = body(operation, name);
            boolean isForm = body.startsWith("form_token=");
            HttpRequest.Builder request =
                    operation.request(api, to, isForm ? body.replaceFirst("=[0-9a-f]{64}", "=" + formToken) : body);
            return GateApiFixture.send(
                    isForm ? request.header("Cookie", cookie) : request.header("Authorization", "Bearer " + token));
        }
    }

    @Test
    @Order(3)
    void noAnswerOfATenantMayBeCached() {
        var stranger = new Asker(STRANGER);
        for (DocumentedOperation one : ofTenants()) {
            if (one.method().equals("GET")) {
                Answer answer = stranger.ask(one, one.hasId() ? place(one).real() : REAL, REAL);
                assertThat(answer.header("Cache-Control")).as(one.name()).isEqualTo("no-store");
            }
        }
    }

    /** A position says how far a log is read, which all tenants share. */
    @Test
    @Order(3)
    void aPositionOfAnothersAnswerShowsNothingOfTheirs() {
        Answer changed = asked(
                VICTIM,
                "PUT /v1/freezes/{name}",
                "/v1/freezes/" + REAL,
                operation("PUT /v1/freezes/{name}").body());
        assertThat(changed.header("Sluice-Position")).isNotEmpty();

        Answer after = GateApiFixture.send(GateApiFixture.request(api, "/v1/roles")
                .header("Authorization", "Bearer " + STRANGER)
                .header("Sluice-After", changed.header("Sluice-Position")));
        Answer same = GateApiFixture.send(
                GateApiFixture.request(api, "/v1/roles").header("Authorization", "Bearer " + STRANGER));

        assertThat(after.text()).isEqualTo(same.text());
    }
}
