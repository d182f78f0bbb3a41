package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.TENANT;
import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.row;
import static dev.sluice.gateapi.GateApiFixture.running;
import static dev.sluice.gateapi.GateApiFixture.send;
import static dev.sluice.gateapi.GateApiFixture.sha256;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.dora.DoraRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.audit.Audit;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackPlan;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of gates: who may see and do what, by plain requests; and how they look and work in a real browser, without scripts. */
class PagesBrowserIT {
    private static final String HOSTILE = "<script>alert(1)</script>";
    private static final String NIGHTLY = """
            name: %s
            version: "1"
            gates: [nightly]
            stale_after: 10m
            rules:
              - id: success-rate
                mode: enforce
                metric: deployment_success_rate
                window: 30d
                operator: ">="
                threshold: %s
                minimum_n: 5
                when_missing: deny
            """;
    private static final String WAITING = "search 2.0 to production";
    private static final List<String> LOOKS = List.of("light", "dark", "phone");
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"form_token\" value=\"([0-9a-f]{64})\"");
    private static final Pattern BASIS = Pattern.compile("name=\"basis\" value=\"([0-9a-f]{64})\"");

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi api;
    private static GateApi other;
    private static GateApi open;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ci, owner: ci, sha256: %s, tenant: default, scopes: [evaluate, receive, read, override]}
                  - id: ben
                    owner: ben@example.org
                    sha256: %s
                    tenant: default
                    scopes: [read, approve, manage-freeze, trigger-rollback, read-audit, edit-policy, override, admin]
                  - {id: guest, owner: guest, sha256: %s, tenant: default, scopes: [read]}
                  - {id: acme, owner: acme, sha256: %s, tenant: acme, scopes: [evaluate, read, approve, read-audit]}
                """.formatted(
                        sha256("ci"), sha256("ben"), sha256("guest"), sha256("acme")));
        Path policies = Files.createDirectory(directory.resolve("policies"));
        for (String version : List.of("1", "2")) {
            Files.writeString(policies.resolve("release" + version + ".yaml"), """
                    name: release%1$s
                    version: "%1$s"
                    gates: [release]
                    stale_after: 10m
                    rules:
                      - {id: approved, mode: enforce, approvals: {least: %1$s}}
                      - {id: frozen, mode: warn, freeze: {}}
                    """.formatted(version));
        }
        Files.writeString(policies.resolve("nightly.yaml"), NIGHTLY.formatted("nightly", "0.9"));
        GateApiConfig config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withPolicies(policies).withTokens(tokens));
        api = GateApi.start(config);
        other = GateApi.start(config);
        open = GateApi.start(GateApiConfig.of(broker.bootstrapServers()).withPort(0));
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        for (GateApi one : new GateApi[] {api, other, open}) {
            GateApiFixture.awaitReady(one);
        }
        for (String service : new String[] {"checkout", "search", "cart"}) {
            put(jobs, row(service, 19, 20), 1);
        }
        DoraRow row = row(HOSTILE, 19, 20);
        put(
                jobs,
                new DoraRow(
                        "acme",
                        HOSTILE,
                        row.environment(),
                        row.zone(),
                        row.asOfDay(),
                        row.windows(),
                        false,
                        row.computedAt()),
                1);
        put(jobs, running("checkout", "1.4.0", false), 1);
        progress(jobs, Instant.now());
        await(
                () -> asked("nightly", "checkout", "1.4.1").at("/decision").equals("allow"),
                () -> asked("nightly", "checkout", "1.4.1").text());
        await(
                () -> asked("acme", "nightly", HOSTILE, HOSTILE).at("/decision").equals("allow"),
                () -> asked("acme", "nightly", HOSTILE, HOSTILE).text());
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {jobs, api, other, open, broker}) {
            if (one != null) {
                one.close();
            }
        }
    }

    private static Answer call(String method, String path, String token, String body) {
        return send(request(api, path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    private static Answer asked(String gate, String service, String version) {
        return asked("ci", gate, service, version);
    }

    private static Answer asked(String token, String gate, String service, String version) {
        return call("POST", "/v1/gates/" + gate + "/evaluate", token, """
                {"service":"%s","environment":"production","artifact":{"version":"%s"}}""".formatted(service, version));
    }

    /** A gate is asked, and the page of approvals shows that it waits. */
    private static void waiting(String asker, String reader, String service, String version) throws Exception {
        Answer answer = asked(asker, "release", service, version);
        assertThat(answer.at("/decision")).as(answer.text()).isEqualTo("pending");
        String session = signedIn(api, reader);
        await(
                () -> page(api, "/approvals", session).body().contains(answer.at("/id")),
                () -> page(api, "/approvals", session).body());
    }

    private static HttpResponse<String> browse(
            GateApi at, String method, String path, @Nullable String cookie, String form, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.port() + path))
                .header("Accept", "text/html,application/xhtml+xml")
                .timeout(Duration.ofSeconds(20))
                .method(method, BodyPublishers.ofString(form));
        if (method.equals("POST")) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (cookie != null) {
            request.header("Cookie", cookie);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static HttpResponse<String> page(GateApi at, String path, @Nullable String cookie) throws Exception {
        return browse(at, "GET", path, cookie, "");
    }

    private static HttpResponse<String> post(GateApi at, String path, @Nullable String cookie, Map<String, String> form)
            throws Exception {
        return browse(at, "POST", path, cookie, encoded(form));
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Returns the cookie of somebody who has signed in. */
    private static String signedIn(GateApi at, String token) throws Exception {
        HttpResponse<String> answer = post(at, "/sign-in", null, Map.of("token", token));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        String cookie = header(answer, "Set-Cookie");
        return cookie.substring(0, cookie.indexOf(';'));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static String found(Pattern pattern, String html) {
        Matcher matcher = pattern.matcher(html);
        assertThat(matcher.find()).as(html).isTrue();
        return matcher.group(1);
    }

    private static String formToken(String session) throws Exception {
        return found(FORM_TOKEN, page(api, "/freezes", session).body());
    }

    @Test
    void whoIsNotKnownIsSentToSignIn_andOnlyToAPageOfHereFromThere() throws Exception {
        HttpResponse<String> sent = page(api, "/gates?gate=a&service=b", null);
        HttpResponse<String> asked = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/gates"))
                                .build(),
                        BodyHandlers.ofString());

        assertThat(sent.statusCode()).isEqualTo(303);
        assertThat(header(sent, "Location")).isEqualTo("/sign-in?next=%2Fgates%3Fgate%3Da%26service%3Db");
        assertThat(asked.statusCode()).as("whoever reads no HTML").isEqualTo(401);
        assertThat(page(api, header(sent, "Location"), null).body())
                .contains("name=\"next\" value=\"/gates?gate=a&amp;service=b\"");
        assertThat(header(post(api, "/sign-in", null, Map.of("token", "ben", "next", "/audit")), "Location"))
                .isEqualTo("/audit");
        for (String elsewhere : new String[] {
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/%09/evil",
            "\\\\evil",
            "/a\r\nb: c",
            "javascript:1"
        }) {
            assertThat(header(post(api, "/sign-in", null, Map.of("token", "ben", "next", elsewhere)), "Location"))
                    .as(elsewhere)
                    .isEqualTo("/gates");
        }
        assertThat(post(api, "/sign-in", null, Map.of("token", "nobody's")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void theCookieIsForThePagesOnly_andKnownToEachReplica() throws Exception {
        HttpResponse<String> signedIn = post(api, "/sign-in", null, Map.of("token", "ben"));
        HttpResponse<String> byHttps = browse(
                api,
                "POST",
                "/sign-in",
                null,
                "token=ben",
                "Origin",
                "https://sluice.example",
                "Sec-Fetch-Site",
                "same-origin");
        String session = signedIn(api, "ben");
        HttpResponse<String> again = post(api, "/sign-in", session, Map.of("token", "ben"));

        assertThat(header(again, "Set-Cookie"))
                .as("no number that a browser brings")
                .doesNotContain(session);
        assertThat(header(signedIn, "Set-Cookie"))
                .matches("sluice=[0-9a-f]{64}; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict");
        assertThat(header(byHttps, "Set-Cookie"))
                .matches("__Host-sluice=[0-9a-f]{64}; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure");
        assertThat(page(api, "/gates", session).statusCode()).isEqualTo(200);
        assertThat(page(api, "/v1/policies", session).statusCode()).isEqualTo(401);
        assertThat(page(api, "/v1/decisions/x/jws", session).statusCode()).isEqualTo(401);
        assertThat(page(api, "/gates", "sluice=" + "0".repeat(64)).statusCode()).isEqualTo(303);
        await(
                () -> page(other, "/gates", session).statusCode() == 200,
                () -> page(other, "/gates", session).body());
        assertThat(GateApiFixture.records(broker.bootstrapServers(), Topic.CONTROL))
                .as("the log has neither the cookie nor a hash of the token")
                .filteredOn(record -> record.value() != null)
                .noneSatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .containsAnyOf(session.substring(7), sha256("ben")));
    }

    @Test
    void elsewhereThanOnTheMachineItselfOnlyTheCookieOfHttpsCounts() throws Exception {
        String session = signedIn(api, "ben");
        String secure = "__Host-" + session;

        assertThat(statusElsewhere("GET /gates", "Cookie: " + session)).contains(" 401 ");
        assertThat(statusElsewhere("GET /gates", "Cookie: " + secure)).contains(" 200 ");
        assertThat(statusElsewhere("POST /sign-in", "Origin: http://sluice.example"))
                .contains(" 403 ");
        assertThat(browse(api, "GET", "/gates", session, "", "X-Forwarded-For", "192.0.2.1")
                        .statusCode())
                .as("a proxy that calls the host otherwise")
                .isEqualTo(303);
    }

    private static String statusElsewhere(String what, String header) throws Exception {
        String body = what.startsWith("POST") ? "token=ben" : "";
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
            socket.getOutputStream()
                    .write("""
                    %s HTTP/1.1\r
                    Host: sluice.example\r
                    %s\r
                    Content-Type: application/x-www-form-urlencoded\r
                    Content-Length: %d\r
                    Connection: close\r
                    \r
                    %s""".formatted(what, header, body.length(), body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void whatWasBegunWithATokenEndsWithIt_andBySigningOut() throws Exception {
        Answer issued = call("POST", "/v1/tokens", "ben", """
                {"id": "for-a-while", "owner": "ben@example.org", "scopes": ["read"], "expires_in": "1h"}""");
        assertThat(issued.status()).as(issued.text()).isEqualTo(201);
        String session = signedIn(api, issued.at("/token"));
        String bens = signedIn(api, "ben");
        assertThat(page(api, "/gates", session).statusCode()).isEqualTo(200);

        send(request(api, "/v1/tokens/for-a-while")
                .header("Authorization", "Bearer ben")
                .DELETE());
        int unasked = post(api, "/sign-out", bens, Map.of("form_token", "0")).statusCode();
        int after = page(api, "/gates", bens).statusCode();
        HttpResponse<String> out = post(api, "/sign-out", bens, Map.of("form_token", formToken(bens)));

        assertThat(page(api, "/gates", session).statusCode()).as("revoked").isEqualTo(303);
        assertThat(unasked).isEqualTo(403);
        assertThat(after).isEqualTo(200);
        assertThat(header(out, "Set-Cookie")).startsWith("sluice=; Path=/; Max-Age=0");
        assertThat(page(api, "/gates", bens).statusCode()).as("signed out").isEqualTo(303);
    }

    @Test
    void aFormThatIsNotOfThePagesOfWhoeverSendsItChangesNothing() throws Exception {
        String session = signedIn(api, "ben");
        String own = formToken(session);
        String another = formToken(signedIn(api, "ben"));
        Map<String, String> freeze =
                Map.of("name", "forged", "reason", "x", "from", "2030-01-01T00:00:00Z", "to", "2030-01-02T00:00:00Z");
        String whole = encoded(freeze) + "&form_token=" + own;

        assertThat(post(api, "/freezes", session, freeze).statusCode()).isEqualTo(403);
        assertThat(browse(api, "POST", "/freezes", session, encoded(freeze) + "&form_token=" + another)
                        .statusCode())
                .isEqualTo(403);
        for (String site : new String[] {"cross-site", "same-site"}) {
            assertThat(browse(api, "POST", "/freezes", session, whole, "Sec-Fetch-Site", site)
                            .statusCode())
                    .as(site)
                    .isEqualTo(403);
        }
        for (String origin : new String[] {"https://evil.example", "null", "http://127.0.0.1:1"}) {
            assertThat(browse(api, "POST", "/freezes", session, whole, "Origin", origin)
                            .statusCode())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertThat(browse(api, "POST", "/sign-in", null, "token=ben", "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(page(api, "/freezes", session).body()).doesNotContain("forged");
        assertThat(browse(api, "POST", "/freezes", session, whole, "Sec-Fetch-Site", "same-origin")
                        .statusCode())
                .isEqualTo(303);
        assertThat(page(api, "/freezes", session).body()).contains("forged");
    }

    @Test
    void onTheMachineItselfNobodySignsIn_andNoOtherSiteSendsAForm() throws Exception {
        String html = page(open, "/freezes", null).body();
        Map<String, String> freeze =
                Map.of("name", "local", "reason", "x", "from", "2030-01-01T00:00:00Z", "to", "2030-01-02T00:00:00Z");
        String whole = encoded(freeze) + "&form_token=" + found(FORM_TOKEN, html);

        assertThat(post(open, "/freezes", null, freeze).statusCode()).isEqualTo(403);
        assertThat(browse(open, "POST", "/freezes", null, whole, "Sec-Fetch-Site", "same-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(page(open, "/freezes", null).body()).doesNotContain("The freeze local");
        assertThat(browse(open, "POST", "/freezes", null, whole).statusCode()).isEqualTo(303);
        assertThat(page(open, "/freezes", null).body()).contains("The freeze local");
    }

    @Test
    void aPageTakesTheScopeOfWhatItShowsAndDoes() throws Exception {
        String guest = signedIn(api, "guest");

        for (String path : new String[] {"/gates", "/approvals", "/freezes", "/rollbacks"}) {
            assertThat(page(api, path, guest).statusCode()).as(path).isEqualTo(200);
            assertThat(page(api, path, guest).body()).as(path).doesNotContain("End ", "Stop all", "Set up");
        }
        HttpResponse<String> refused = page(api, "/audit", guest);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("<h1>Not permitted</h1>", "the token lacks the scope read-audit");
        assertThat(post(api, "/rollbacks/stop", guest, Map.of("form_token", formToken(guest), "reason", "x"))
                        .statusCode())
                .isEqualTo(403);
        waiting("ci", "ben", "cart", "2.9");
        assertThat(page(api, "/approvals", signedIn(api, "acme")).body()).doesNotContain("cart");
    }

    @Test
    void anApprovalOfWhatHasChangedMeanwhileIsRefusedInWords() throws Exception {
        waiting("ci", "ben", "cart", "3.0");
        String session = signedIn(api, "ben");
        String html = page(api, "/approvals", session).body();
        String article = html.substring(html.indexOf("aria-label=\"cart 3.0"));
        Map<String, String> form = Map.of(
                "form_token", found(FORM_TOKEN, article),
                "basis", found(BASIS, article),
                "gate", "release",
                "service", "cart",
                "environment", "production",
                "version", "3.0",
                "decision", "approve",
                "expires_in", "1h");

        call("POST", "/v1/validations", "ci", """
                {"service":"cart","environment":"staging","artifact":{"version":"3.0"},"kind":"smoke","result":"failed"}""");
        HttpResponse<String> refused = post(api, "/approvals", session, form);
        String now = page(api, "/approvals", session).body();

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body())
                .contains(
                        "what there is to see has changed since you have seen it: look again", "Nothing was changed.");
        assertThat(now).contains("Validation smoke in staging");
        assertThat(call("GET", "/v1/approvals?service=cart", "ben", "").json().path("statements"))
                .isEmpty();
    }

    @Test
    void anOverrideTakesASecondPerson_byTheSameRulesAsByTheApi() throws Exception {
        String override = """
                {"service":"cart","environment":"production","artifact":{"version":"%s"},"reason":"Outage","expires_in":"1h"}""";
        String bens =
                call("POST", "/v1/overrides", "ben", override.formatted("7.0")).at("/id");
        Answer asked = call("POST", "/v1/overrides", "ci", override.formatted("7.1"));
        String session = signedIn(api, "ben");
        Map<String, String> form = Map.of("form_token", formToken(session));

        HttpResponse<String> own = post(api, "/approvals/overrides/" + bens, session, form);
        String before = page(api, "/approvals", session).body();
        HttpResponse<String> done = post(api, "/approvals/overrides/" + asked.at("/id"), session, form);

        assertThat(own.statusCode()).isEqualTo(409);
        assertThat(own.body()).contains("ben@example.org has asked for the override: someone else must approve it");
        assertThat(before).contains("Override for cart 7.0 to production", "Override for cart 7.1 to production");
        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(page(api, "/approvals", session).body()).doesNotContain("Override for cart 7.1");
        assertThat(asked("release", "cart", "7.1").at("/decision")).isEqualTo("allow");
        send(request(api, "/v1/overrides/" + bens)
                .header("Authorization", "Bearer ben")
                .DELETE());
    }

    private static Browser browser() throws Exception {
        return Browser.find(directory);
    }

    private static String url(String path) {
        return "http://127.0.0.1:" + api.port() + path;
    }

    private static void areWellMade(List<String> paths) throws Exception {
        JsonNode all = browser()
                .look(
                        paths.stream().map(PagesBrowserIT::url).collect(Collectors.joining(",")),
                        LOOKS,
                        Optional.of("pages"),
                        List.of("--cookie=" + signedIn(api, "ben")));
        assertThat(all).hasSameSizeAs(paths);
        for (int i = 0; i < paths.size(); i++) {
            for (String how : LOOKS) {
                JsonNode page = all.path(i).path(how);
                String what = paths.get(i) + " " + how;
                assertThat(page.path("status").intValue()).as(what).isEqualTo(200);
                assertThat(page.path("complaints")).as(what).isEmpty();
                assertThat(page.path("violations")).as(what).isEmpty();
                assertThat(page.path("scripts").intValue()).as(what).isZero();
            }
            assertThat(all.path(i).at("/phone/page_width").intValue())
                    .as(paths.get(i))
                    .isEqualTo(320);
        }
    }

    @Test
    void aDecisionShowsWhatItWasMadeOf_andTheOtherOutcome() throws Exception {
        String session = signedIn(api, "ben");
        String id = asked("nightly", "checkout", "1.4.1").at("/id");
        Answer saved = send(request(api, "/v1/policies/strict")
                .header("Authorization", "Bearer ben")
                .header("Content-Type", "application/yaml")
                .PUT(BodyPublishers.ofString(NIGHTLY.formatted("strict", "0.99"))));
        assertThat(saved.status()).as(saved.text()).isEqualTo(200);
        String digest = saved.at("/versions/0/digest");
        String other = "/decisions/" + id + "?policy=" + URLEncoder.encode(digest, StandardCharsets.UTF_8);

        assertThat(page(api, "/decisions/" + id, session).body())
                .contains(
                        "<h1>Decision: allow</h1>",
                        " s, at most 10 min",
                        "The same comes out",
                        "sluice.dora.v1",
                        "success-rate",
                        "<option value=\"" + digest,
                        "/decisions/" + id + "/jws");
        assertThat(header(page(api, "/gates?decision=" + id + "&policy=" + digest, session), "Location"))
                .isEqualTo(other);
        assertThat(page(api, other, session).body())
                .contains("The outcome would have been another one: deny instead of allow.");
        assertThat(page(api, "/decisions/" + id, signedIn(api, "acme")).statusCode())
                .isEqualTo(404);
        assertThat(page(api, "/decisions/" + id + "/jws", session).body()).contains("no signing key is configured");
    }

    @Test
    void namesThatOthersHaveGivenAreTexts() throws Exception {
        String id = asked("acme", "nightly", HOSTILE, HOSTILE).at("/id");
        waiting("acme", "acme", HOSTILE, HOSTILE);
        String session = signedIn(api, "acme");

        for (String path : new String[] {"/gates", "/decisions/" + id, "/approvals", "/audit"}) {
            HttpResponse<String> shown = page(api, path, session);
            assertThat(header(shown, "Content-Security-Policy"))
                    .matches("default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self';"
                            + " frame-ancestors 'none'");
            assertThat(header(shown, "X-Frame-Options")).isEqualTo("DENY");
            assertThat(shown.body())
                    .as(path)
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                    .doesNotContain(HOSTILE);
        }
    }

    @Test
    void somebodyApprovesWithoutScripts_ofWhatTheySee() throws Exception {
        call("POST", "/v1/validations", "ci", """
                {"service":"search","environment":"staging","artifact":{"version":"2.0"},"kind":"smoke","result":"passed"}""");
        Answer run = call("POST", "/v1/canaries", "ci", """
                {"id":"search-2-0","service":"search","environment":"production","canary":"2.0",
                 "config":{"metrics":[{"name":"errors","kind":"ratio"}]}}""");
        assertThat(run.status()).as(run.text()).isIn(200, 201, 202);
        waiting("ci", "ben", "search", "2.0");
        JsonNode done = browser()
                .look(
                        url("/approvals"),
                        List.of("steps"),
                        Optional.empty(),
                        List.of("--steps="
                                + Json.mapper()
                                        .writeValueAsString(List.of(
                                                Map.of("field", "Token", "text", "ben"),
                                                Map.of("press", "Sign in"),
                                                Map.of("within", WAITING, "field", "Comment", "text", "Looked at it."),
                                                Map.of("within", WAITING, "press", "Approve")))))
                .path("steps");

        List<String> texts = new ArrayList<>();
        done.path("seen").forEach(step -> texts.add(step.path("text").asText()));
        assertThat(done.path("seen").path(0).path("url").asText()).contains("/sign-in?next=%2Fapprovals");
        assertThat(texts.get(2)).contains(WAITING, "Validation smoke in staging", "0 of 1 approval");
        assertThat(done.path("seen").path(4).path("url").asText()).isEqualTo(url("/approvals"));
        assertThat(done.path("complaints")).isEmpty();
        JsonNode said =
                call("GET", "/v1/approvals?service=search", "ben", "").json().path("statements");
        assertThat(said).hasSize(1);
        assertThat(said.at("/0/statement/owner").asText()).isEqualTo("ben@example.org");
        assertThat(said.at("/0/statement/comment").asText()).isEqualTo("Looked at it.");
    }

    /** A page of the same site, which gets the cookie sent along, and one of another. */
    @Test
    void aPageOfSomebodyElseDoesNothingInTheNameOfWhoeverLooksAtIt() throws Exception {
        HttpServer evil = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        evil.createContext("/", exchange -> {
            byte[] page = """
                    <!DOCTYPE html><html lang="en"><title>Win</title><main><form method="post" action="%s">
                    <input type="hidden" name="reason" value="forged"><button>Win</button></form></main></html>
                    """.formatted(url("/rollbacks/stop")).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        evil.start();
        String session = signedIn(api, "ben");
        try {
            int port = evil.getAddress().getPort();
            JsonNode seen = browser()
                    .look(
                            url("/rollbacks"),
                            List.of("steps"),
                            Optional.empty(),
                            List.of("--cookie=" + session, """
                                    --steps=[{"open":"http://127.0.0.1:%1$d/"},{"press":"Win"},
                                    {"open":"http://localhost:%1$d/"},{"press":"Win"}]""".formatted(port)))
                    .at("/steps/seen");
            assertThat(seen.at("/2/text").asText()).contains("no other site may send this form");
            assertThat(seen.at("/4/text").asText()).contains("Token");
        } finally {
            evil.stop(0);
        }
        assertThat(page(api, "/rollbacks", session).body()).doesNotContain("forged");
    }

    @Test
    void eachPageIsAccessible_andItsFormsDoWhatTheySay() throws Exception {
        String session = signedIn(api, "ben");
        Map<String, String> weekEnd = Map.of(
                "form_token", formToken(session),
                "name", "week-end",
                "reason", "Nobody is there",
                "services", "checkout, search",
                "rrule", "FREQ=WEEKLY;BYDAY=FR",
                "start", "2026-01-02T16:00",
                "end", "2026-01-05T08:00",
                "zone", "Europe/Berlin");
        assertThat(post(api, "/freezes", session, weekEnd).statusCode()).isEqualTo(303);
        assertThat(post(api, "/rollbacks/stop", session, Map.of("form_token", formToken(session), "reason", "Outage"))
                        .statusCode())
                .isEqualTo(303);
        String order = ordered();
        await(
                () -> page(api, "/rollbacks", session).body().contains(order),
                () -> page(api, "/rollbacks", session).body());

        call("POST", "/v1/validations", "ci", """
                {"service":"checkout","environment":"staging","artifact":{"version":"1.5.0"},"kind":"smoke","result":"passed"}""");
        waiting("ci", "ben", "checkout", "1.5.0");
        String decided = asked("nightly", "checkout", "1.5.0").at("/id");
        areWellMade(List.of(
                "/gates?gate=nightly&environment=production",
                "/decisions/" + decided,
                "/approvals",
                "/freezes",
                "/rollbacks",
                "/audit",
                "/sign-in"));
        String freezes = page(api, "/freezes", session).body();
        assertThat(freezes).contains("The freeze week-end", "checkout, search", "T15:00:00Z to ");
        assertThat(page(api, "/rollbacks", session).body())
                .contains("All are stopped since", "Outage", "errors: 3 %", "v1");
        assertThat(page(api, "/audit", session).body())
                .contains("freeze week-end set up", "rollback-stop all set up", "deploy/sluice verify-audit");
        assertThat(post(
                                api,
                                "/rollbacks/" + order + "/acknowledgement",
                                session,
                                Map.of(
                                        "form_token",
                                        formToken(session),
                                        "accepted",
                                        "false",
                                        "comment",
                                        "It is the network"))
                        .statusCode())
                .isEqualTo(303);
        await(
                () -> GateApiFixture.records(broker.bootstrapServers(), Topic.ATTEMPTS).stream()
                        .anyMatch(record -> new String(record.value(), StandardCharsets.UTF_8)
                                .contains("refused by ben: It is the network")),
                () -> "no attempt");
        for (String path : new String[] {"/freezes/week-end/end", "/rollbacks/go-on"}) {
            assertThat(post(api, path, session, Map.of("form_token", formToken(session)))
                            .statusCode())
                    .as(path)
                    .isEqualTo(303);
        }
        assertThat(page(api, "/freezes", session).body()).doesNotContain("The freeze week-end");
        assertThat(page(api, "/rollbacks", session).body()).contains("They are sent.");
    }

    /** The rollback job has given an order; as rollbacks are stopped it is not sent. */
    private static String ordered() throws Exception {
        Instant now = Instant.now();
        var desk = new RollbackDesk(new Series(TENANT, "checkout", "production"), RollbackBook.EMPTY);
        var plan = new RollbackPlan(
                RollbackPlan.Mode.ORDER,
                true,
                null,
                null,
                3,
                Duration.ofMinutes(10),
                Duration.ofMinutes(10),
                "deployer",
                null);
        desk.plan(plan, now.minusSeconds(600), now);
        desk.succeeded(deployed("1", now.minusSeconds(500)), now);
        desk.succeeded(deployed("2", now.minusSeconds(400)), now);
        desk.runs(deployed("2", now.minusSeconds(400)), now);
        desk.trigger(RollbackTrigger.failedCanary("run", now, "errors: 3 %", "v1", "v2", false), now);
        RollbackRow row = RollbackRow.of(
                new Series(TENANT, "checkout", "production"), desk.book().order());
        jobs.send(new ProducerRecord<>(Topic.ROLLBACKS.topicName(), row.key(), Json.bytes(row)))
                .get(10, TimeUnit.SECONDS);
        return requireNonNull(row.order()).id();
    }

    @Test
    void ofTwoReplicasWordsOnOneDecisionTheFirstIsShown() throws Exception {
        Answer pending = asked("release", "search", "7.0");
        assertThat(pending.at("/decision")).as(pending.text()).isEqualTo("pending");
        ConsumerRecord<String, byte[]> logged =
                GateApiFixture.records(broker.bootstrapServers(), Topic.DECISIONS).stream()
                        .filter(record ->
                                new String(record.value(), StandardCharsets.UTF_8).contains(pending.at("/id")))
                        .findFirst()
                        .orElseThrow();
        for (String reason : List.of("said first", "said second")) {
            ObjectNode last = Json.read(logged.value(), ObjectNode.class)
                    .put("decision", reason.equals("said first") ? "allow" : "deny")
                    .put("reason", reason);
            var record = new ProducerRecord<>(Topic.DECISIONS.topicName(), logged.key(), Json.bytes(last));
            record.headers().add(Audit.RESOLVES, pending.at("/id").getBytes(StandardCharsets.UTF_8));
            jobs.send(record).get(10, TimeUnit.SECONDS);
        }
        String later = asked("release", "search", "7.1").at("/id");
        String session = signedIn(api, "ben");

        await(
                () -> page(api, "/gates", session).body().contains(later),
                () -> page(api, "/gates", session).body());
        assertThat(page(api, "/gates", session).body()).contains("said first").doesNotContain("said second");
        assertThat(page(api, "/approvals", session).body()).doesNotContain(pending.at("/id"));
    }

    private static KnownDeployment deployed(String version, Instant at) {
        return new KnownDeployment("checkout/" + version, "v" + version, null, null, at, false);
    }
}
