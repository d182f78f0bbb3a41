package dev.sluice.gateapi.access.oidc;

import static dev.sluice.gateapi.access.oidc.CiTokens.AUDIENCE;
import static dev.sluice.gateapi.access.oidc.CiTokens.ISSUER;
import static dev.sluice.gateapi.access.oidc.CiTokens.claims;
import static dev.sluice.gateapi.access.oidc.CiTokens.encoded;
import static dev.sluice.gateapi.access.oidc.CiTokens.made;
import static dev.sluice.gateapi.access.oidc.CiTokens.signed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.MovableClock;
import dev.sluice.gateapi.config.Problems;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens of CI systems are believed. */
class IdTokensTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final RsaJsonWebKey RSA = CiTokens.rsa("rsa-1");
    /** Of somebody else, by the same name. */
    private static final RsaJsonWebKey FOREIGN = CiTokens.rsa("rsa-1");

    private static final PublicJsonWebKey EC = CiTokens.ec("ec-1");
    private static final PublicJsonWebKey ED = CiTokens.ed("ed-1");

    private static final KeyDownload DOWNLOAD = new KeyDownload(Duration.ofSeconds(10));

    private static KeyServer keys;
    private static IdTokens github;

    private static final MovableClock STANDING = new MovableClock(NOW);

    @BeforeAll
    static void start() {
        keys = KeyServer.start();
        keys.serve(RSA, EC, ED);
        github = tokens(github(), STANDING);
    }

    @AfterAll
    static void stop() {
        keys.close();
    }

    private static String trust(String kind, String claims) {
        return """
                issuers:
                  - issuer: %s
                    jwks_url: %s
                    audience: %s
                    %s
                    rules:
                      - name: shop-production
                        tenant: acme
                        scopes: [evaluate]
                        environments: [production]
                        claims: {%s}
                """.formatted(ISSUER, keys.url(), AUDIENCE, kind, claims);
    }

    private static IdTokens tokens(String file) {
        return tokens(file, STANDING);
    }

    private static IdTokens tokens(String file, Clock clock) {
        var problems = new Problems();
        TrustFile trust = TrustFile.read("oidc.yaml", file, problems);
        assertThat(problems.all()).isEmpty();
        return new IdTokens(trust, clock, DOWNLOAD);
    }

    private static String github() {
        return trust("kind: github", "repository_id: 7, repository_owner_id: 8, environment: production");
    }

    private String outcome(IdTokens tokens, String token) {
        IdTokens.Outcome outcome = tokens.look(token).join();
        return outcome.believed()
                .map(believed -> believed.rule().name())
                .orElseGet(() -> outcome.refusal().orElseThrow().reason());
    }

    private String outcome(String token) {
        return outcome(github, token);
    }

    private static Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = claims(NOW);
        claims.put(claim, value);
        return claims;
    }

    private static Map<String, Object> without(String claim) {
        Map<String, Object> claims = claims(NOW);
        claims.remove(claim);
        return claims;
    }

    private String saying(Map<String, Object> claims) {
        return outcome(signed(claims, RSA));
    }

    @Test
    void believesEachAlgorithm_withTheMachineBehindIt() {
        assertThat(outcome(signed(claims(NOW), RSA))).isEqualTo("shop-production");
        assertThat(outcome(signed(claims(NOW), EC))).isEqualTo("shop-production");
        assertThat(outcome(signed(claims(NOW), ED))).isEqualTo("shop-production");
        IdTokens.Believed believed =
                github.look(signed(claims(NOW), RSA)).join().believed().orElseThrow();
        assertThat(believed.owner()).isEqualTo(ISSUER + " repository_id=7 repository_owner_id=8");
        assertThat(believed.expires()).isEqualTo(NOW.plusSeconds(300));
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "nOnE", "", "HS256", "RS512", "PS256", "ES384", "rs256", "RS256 "})
    void noOtherAlgorithmIsTaken(String algorithm) {
        String good = signed(claims(NOW), RSA);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));

        Map<String, Object> header = Map.of("alg", algorithm, "kid", "rsa-1");
        assertThat(outcome(made(header, claims(NOW), signature))).isEqualTo("algorithm");
        assertThat(outcome(made(header, claims(NOW), new byte[0]))).isIn("algorithm", "malformed");
    }

    @Test
    void anUnsignedTokenIsNone_withOrWithoutItsLastDot() {
        String good = signed(claims(NOW), RSA);
        String unsigned = good.substring(0, good.lastIndexOf('.'));

        assertThat(outcome(unsigned)).isEqualTo("malformed");
        assertThat(outcome(unsigned + ".")).isEqualTo("malformed");
        assertThat(outcome(good + ".")).isEqualTo("malformed");
        assertThat(outcome(good + "." + good)).isEqualTo("malformed");
        assertThat(outcome("")).isEqualTo("malformed");
        assertThat(outcome("..")).isEqualTo("malformed");
        assertThat(outcome(good + "\0")).isEqualTo("malformed");
        assertThat(outcome(" " + good)).isEqualTo("malformed");
        assertThat(outcome("a".repeat(20_000))).isEqualTo("malformed");
    }

    static List<byte[]> secretsThatAreNone() {
        byte[] der = RSA.getPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----\n";
        return List.of(
                der,
                pem.getBytes(StandardCharsets.UTF_8),
                pem.strip().getBytes(StandardCharsets.UTF_8),
                RSA.getRsaPublicKey().getModulus().toByteArray());
    }

    @ParameterizedTest
    @MethodSource("secretsThatAreNone")
    void aPublicKeyIsNoSecret(byte[] secret) throws GeneralSecurityException {
        String unsigned = made(Map.of("alg", "HS256", "kid", "rsa-1", "typ", "JWT"), claims(NOW), new byte[] {1});
        String signed = unsigned.substring(0, unsigned.lastIndexOf('.'));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));

        assertThat(outcome(signed + "." + encoded(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)))))
                .isEqualTo("algorithm");
    }

    @Test
    void aSignatureOfZerosIsNone() {
        Map<String, Object> header = Map.of("alg", "ES256", "kid", "ec-1");
        assertThat(outcome(made(header, claims(NOW), new byte[64]))).isEqualTo("signature");
        byte[] onlyR = new byte[64];
        onlyR[31] = 1;
        byte[] onlyS = new byte[64];
        onlyS[63] = 1;
        byte[] both = new byte[64];
        Arrays.fill(both, (byte) 0xff);
        for (byte[] bad :
                List.of(onlyR, onlyS, both, new byte[63], new byte[65], new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0})) {
            assertThat(outcome(made(header, claims(NOW), bad))).isEqualTo("signature");
        }
        assertThat(outcome(made(Map.of("alg", "RS256", "kid", "rsa-1"), claims(NOW), new byte[256])))
                .isEqualTo("signature");
        assertThat(outcome(made(Map.of("alg", "EdDSA", "kid", "ed-1"), claims(NOW), new byte[64])))
                .isEqualTo("signature");
    }

    @Test
    void anAlgorithmGoesWithItsTypeOfKeyOnly() {
        String good = signed(claims(NOW), RSA);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));

        assertThat(outcome(made(Map.of("alg", "RS256", "kid", "ec-1"), claims(NOW), signature)))
                .isEqualTo("kid");
        assertThat(outcome(made(Map.of("alg", "ES256", "kid", "rsa-1"), claims(NOW), new byte[] {1})))
                .isEqualTo("signature");
        String onlyEc = trust(
                "kind: github\n    algorithms: [ES256]",
                "repository_id: 7, repository_owner_id: 8, ref: refs/heads/main");
        assertThat(outcome(tokens(onlyEc), good)).isEqualTo("algorithm");
        assertThat(outcome(tokens(onlyEc), signed(claims(NOW), EC))).isEqualTo("shop-production");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../../dev/null",
                "/etc/passwd",
                "' OR '1'='1",
                "x' UNION SELECT 'key",
                "http://127.0.0.1:1/keys",
                "rsa-1\0",
                "RSA-1",
                "rsa-1 ",
                "$(id)"
            })
    void aKidIsANameAmongTheIssuersKeys_andNothingElse(String kid) {
        Map<String, Object> header = new HashMap<>(Map.of("kid", kid));

        assertThat(outcome(signed(claims(NOW), RSA, header))).isEqualTo("kid");
        assertThat(keys.asked()).allMatch("/jwks"::equals);
    }

    @Test
    void aKidIsOneText() {
        String good = signed(claims(NOW), RSA);
        byte[] signature = Base64.getUrlDecoder().decode(good.substring(good.lastIndexOf('.') + 1));

        assertThat(outcome(made(Map.of("alg", "RS256"), claims(NOW), signature)))
                .isEqualTo("kid");
        assertThat(outcome(made(Map.of("alg", "RS256", "kid", 1), claims(NOW), signature)))
                .isEqualTo("kid");
        assertThat(outcome(made(Map.of("alg", "RS256", "kid", List.of("rsa-1")), claims(NOW), signature)))
                .isEqualTo("kid");
        assertThat(outcome(made(Map.of("alg", "RS256", "kid", "k".repeat(201)), claims(NOW), signature)))
                .isEqualTo("kid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u", "jwk", "x5c", "crit", "zip"})
    void aTokenDoesNotBringItsKey(String name) {
        try (KeyServer evil = KeyServer.start()) {
            RsaJsonWebKey own = FOREIGN;
            evil.serve(own);
            Object value = switch (name) {
                case "jwk" -> own.toParams(org.jose4j.jwk.JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
                case "x5c", "crit" -> List.of("exp");
                default -> evil.url();
            };

            assertThat(outcome(signed(claims(NOW), own, Map.of(name, value)))).isEqualTo("header_" + name);
            assertThat(outcome(
                            signed(claims(NOW), RSA, name.equals("crit") ? Map.of("jku", "x") : Map.of(name, value))))
                    .startsWith("header_");
            assertThat(outcome(signed(claims(NOW), own))).isEqualTo("signature");
            assertThat(evil.asked()).isEmpty();
        }
    }

    @Test
    void whatWasSignedIsWhatIsRead() {
        String good = signed(claims(NOW), RSA);
        String[] parts = good.split("\\.", -1);
        String other = signed(with("repository_id", "9"), RSA).split("\\.", -1)[1];

        assertThat(outcome(parts[0] + "." + other + "." + parts[2])).isEqualTo("signature");
        String twice = CiTokens.json(claims(NOW))
                .replace("\"repository_id\":\"7\"", "\"repository_id\":\"9\",\"repository_id\":\"7\"");
        assertThat(outcome(signed(twice, RSA, Map.of()))).isEqualTo("malformed");
        assertThat(outcome(signed("[]", RSA, Map.of()))).isEqualTo("malformed");
    }

    static Stream<Object> otherAudiences() {
        return Stream.of(
                "https://sluice.example.com/",
                "https://sluice.example.co",
                "https://sluice.example.com.evil.example",
                "sluice.example.com",
                "HTTPS://sluice.example.com",
                List.of(AUDIENCE, "https://other.example.com"),
                List.of("https://other.example.com"),
                List.of(),
                List.of(List.of(AUDIENCE)),
                Map.of("aud", AUDIENCE),
                7,
                "");
    }

    @ParameterizedTest
    @MethodSource("otherAudiences")
    void noOtherAudienceIsTaken(Object audience) {
        assertThat(saying(with("aud", audience))).isEqualTo("audience");
    }

    @Test
    void aListOfAudiencesMayHaveOursAlone_andOneMustBeThere() {
        assertThat(saying(with("aud", List.of(AUDIENCE)))).isEqualTo("shop-production");
        assertThat(saying(without("aud"))).isEqualTo("audience");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ci.example.com/",
                "https://CI.example.com",
                "http://ci.example.com",
                "https://ci.example.com:443",
                "https://ci.example.com@evil.example",
                "https://evil.example/https://ci.example.com",
                "https://ci.example.com.evil.example",
                "https://c\u0456.example.com",
                "https://ci.example.com\u200b",
                " https://ci.example.com",
                ""
            })
    void noOtherIssuerIsTaken_howeverAlike(String issuer) {
        assertThat(saying(with("iss", issuer))).isEqualTo("issuer");
    }

    @Test
    void theIssuerIsOneText() {
        assertThat(saying(without("iss"))).isEqualTo("issuer");
        assertThat(saying(with("iss", List.of(ISSUER)))).isEqualTo("issuer");
    }

    @Test
    void aTokenIsOfNow_withAMinuteForClocksThatDiffer() {
        long now = NOW.getEpochSecond();
        assertThat(saying(with("exp", now - 59))).isEqualTo("shop-production");
        assertThat(saying(with("exp", now - 60))).isEqualTo("expired");
        assertThat(saying(with("exp", now + 86_400))).isEqualTo("shop-production");
        assertThat(saying(with("exp", now + 86_461))).isEqualTo("too_long");
        assertThat(saying(with("nbf", now + 60))).isEqualTo("shop-production");
        assertThat(saying(with("nbf", now + 61))).isEqualTo("future");
        assertThat(saying(with("iat", now + 60))).isEqualTo("shop-production");
        assertThat(saying(with("iat", now + 61))).isEqualTo("future");
        assertThat(saying(with("iat", Instant.parse("9999-12-31T23:59:59Z").getEpochSecond())))
                .isEqualTo("future");
        assertThat(saying(without("nbf"))).isEqualTo("shop-production");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat"})
    void whenItIsMustBeThere_asAWholeNumber(String claim) {
        assertThat(saying(without(claim))).isEqualTo("claims");
        for (Object value : List.of("1772366400", 1772366400.5, -1, 0, true, List.of(), 1e300, Long.MAX_VALUE)) {
            assertThat(saying(with(claim, value))).as(claim + " " + value).isEqualTo("claims");
        }
    }

    @Test
    void aTokenHasANumberOfItsOwn() {
        assertThat(saying(without("jti"))).isEqualTo("claims");
        for (Object value : List.of("", " ", 7, List.of("a"), "x".repeat(201))) {
            assertThat(saying(with("jti", value))).isEqualTo("claims");
        }
    }

    @Test
    void aNameIsNotWhoItIs() {
        assertThat(saying(with("repository_id", "9"))).isEqualTo("no_rule");
        assertThat(saying(with("repository_owner_id", "9"))).isEqualTo("no_rule");
        assertThat(saying(without("repository_id"))).isEqualTo("claims");
        assertThat(saying(with("repository_id", List.of("7")))).isEqualTo("claims");
        // recycled or renamed: what it is called, and the form of its subject, do not matter
        assertThat(saying(with("repository", "acme/renamed"))).isEqualTo("shop-production");
        assertThat(saying(with("sub", "repo:acme@8/shop@7:environment:production")))
                .isEqualTo("shop-production");
        assertThat(saying(with("repository_id", 7))).isEqualTo("shop-production");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prod",
                "Production",
                "production:x",
                "production%3A",
                "production ",
                "x:production",
                "production\0"
            })
    void anEnvironmentIsComparedExactly(String environment) {
        assertThat(saying(with("environment", environment))).isEqualTo("no_rule");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pull_request", "pull_request_target"})
    void aPullRequestGetsNoTokenForProduction(String event) {
        String claims = "repository_id: 7, repository_owner_id: 8, ref: refs/heads/main";
        String production = trust("kind: github", claims);
        String everywhere = production.replace("environments: [production]", "services: [shop]");
        String named = production.replace("[production]", "[staging, Prod]");
        String staging = production.replace("[production]", "[staging]");
        String token = signed(with("event_name", event), RSA);

        assertThat(outcome(tokens(production), token)).isEqualTo("no_rule");
        assertThat(outcome(tokens(everywhere), token)).isEqualTo("no_rule");
        assertThat(outcome(tokens(named), token)).isEqualTo("no_rule");
        assertThat(outcome(tokens(staging), token)).isEqualTo("shop-production");
        assertThat(outcome(tokens(production), signed(without("event_name"), RSA)))
                .isEqualTo("no_rule");
    }

    @Test
    void aJobThatWasRunAgainBySshGetsNoToken_andCircleCiNumbersNone() {
        IdTokens circleci = tokens(trust("kind: circleci", "oidc.circleci.com/project-id: p-1"));
        Map<String, Object> claims = without("jti");
        claims.put("oidc.circleci.com/project-id", "p-1");
        claims.put("oidc.circleci.com/ssh-rerun", false);
        String token = signed(claims, RSA);
        IdTokens.Believed believed = circleci.look(token).join().believed().orElseThrow();
        assertThat(believed.owner()).isEqualTo(ISSUER + " oidc.circleci.com/project-id=p-1");
        assertThat(believed.number())
                .isEqualTo(circleci.look(token).join().believed().orElseThrow().number());

        for (Object rerun : List.of(true, "true", "no", 1)) {
            claims.put("oidc.circleci.com/ssh-rerun", rerun);
            assertThat(outcome(circleci, signed(claims, RSA))).isEqualTo("no_rule");
        }
        claims.remove("oidc.circleci.com/ssh-rerun");
        assertThat(outcome(circleci, signed(claims, RSA))).isEqualTo("no_rule");
    }

    @Test
    void gitlabIsKnownByTheIdOfItsProject() {
        IdTokens gitlab = tokens(trust("kind: gitlab", "project_id: 20, ref_protected: true"));
        Map<String, Object> claims = claims(NOW);
        claims.put("project_id", "20");
        claims.put("ref_protected", "true");
        assertThat(outcome(gitlab, signed(claims, RSA))).isEqualTo("shop-production");
        claims.put("ref_protected", "false");
        assertThat(outcome(gitlab, signed(claims, RSA))).isEqualTo("no_rule");
        claims.put("project_id", "21");
        assertThat(outcome(gitlab, signed(claims, RSA))).isEqualTo("no_rule");
    }

    @Test
    void beforeTheSignatureIsVerifiedTheCallerLearnsNothing() {
        assertThat(List.of("issuer", "algorithm", "kid", "signature", "malformed"))
                .allSatisfy(reason ->
                        assertThat(new UntrustedException(reason).sentence()).isEqualTo("the token is not valid"));
        String expired = signed(with("exp", NOW.getEpochSecond() - 1000), FOREIGN);
        assertThat(outcome(expired)).isEqualTo("signature");
    }

    @Test
    void whatIsKnownOfAKeyOutlivesItsClock() {
        var clock = new MovableClock(NOW);
        IdTokens tokens = tokens(github(), clock);
        assertThat(outcome(tokens, signed(claims(NOW), RSA))).isEqualTo("shop-production");
        clock.pass(Duration.ofMinutes(3));
        assertThat(outcome(tokens, signed(claims(clock.instant()), RSA))).isEqualTo("shop-production");
    }
}
