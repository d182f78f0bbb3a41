package dev.sluice.gateapi.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.config.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final String HASH = "ab".repeat(32);

    private static List<String> problemsOf(String content) {
        var problems = new Problems();
        Tokens.read("tokens.yaml", content, problems);
        return problems.all();
    }

    @Test
    void readsTokens() {
        var problems = new Problems();

        List<Token> tokens = Tokens.read("tokens.json", """
                {"tokens": [{"id": "ci", "sha256": "%s", "tenant": "acme", "scopes": ["evaluate", "read"],
                             "expires": "2027-01-01T01:00:00+01:00"}]}""".formatted(HASH), problems);

        assertThat(problems.all()).isEmpty();
        assertThat(tokens).singleElement().satisfies(token -> {
            assertThat(token.principal().tenant()).isEqualTo("acme");
            assertThat(token.principal().owner()).isEqualTo("ci");
            assertThat(token.principal().verbs()).containsExactlyInAnyOrder(Verb.EVALUATE, Verb.READ);
            assertThat(token.expires()).hasToString("2027-01-01T00:00:00Z");
            assertThat(token.toString()).doesNotContain("abab").doesNotContain("-85");
        });
    }

    @Test
    void twoTokensMayHaveOneOwner() {
        var problems = new Problems();

        List<Token> tokens = Tokens.read("tokens.yaml", """
                tokens:
                  - {id: laptop, owner: ann@example.org, sha256: %1$s, tenant: acme, scopes: [read]}
                  - {id: phone, owner: ann@example.org, sha256: %1$s, tenant: acme, scopes: [read]}
                """.formatted(HASH), problems);

        assertThat(problems.all()).isEmpty();
        assertThat(tokens).extracting(token -> token.principal().owner()).containsOnly("ann@example.org");
    }

    @Test
    void aTokenMayBeForSomeServicesAndEnvironments() {
        var problems = new Problems();

        List<Token> tokens = Tokens.read("tokens.yaml", """
                tokens:
                  - {id: ci, sha256: %1$s, tenant: acme, scopes: [evaluate], services: [shop], environments: [staging]}
                  - {id: ops, sha256: %1$s, tenant: acme, scopes: [evaluate]}
                """.formatted(HASH), problems);

        assertThat(problems.all()).isEmpty();
        Reach ci = tokens.get(0).principal().reach();
        assertThat(ci.includes("shop", "staging")).isTrue();
        assertThat(ci.includes("shop", "production")).isFalse();
        assertThat(ci.includes("Shop", "staging")).isFalse();
        assertThat(tokens.get(1).principal().reach()).isEqualTo(Reach.ALL);
        assertThat(Reach.ALL.includes(ci)).isTrue();
        assertThat(ci.includes(Reach.ALL)).isFalse();
        assertThat(problemsOf("tokens: [{id: a, sha256: " + HASH + ", tenant: t, scopes: [read], services: []}]"))
                .anyMatch(problem -> problem.endsWith("services must name at least one, or be absent for all"));
    }

    @Test
    void refusesTokensThatCannotBeMeant() {
        assertThat(problemsOf("tokens: []")).hasSize(1);
        assertThat(problemsOf("{}")).hasSize(1);
        assertThat(problemsOf("""
                        tokens:
                          - {id: a, sha256: abc, tenant: "~heartbeat", scopes: [public], expire: never}
                        """))
                .contains(
                        "tokens.yaml:2:21: sha256 must be 64 hexadecimal digits, is abc",
                        "tokens.yaml:2:34: tenant must be a name of letters, digits, dots and dashes, is ~heartbeat",
                        "tokens.yaml:2:56: unknown scope public",
                        "tokens.yaml:2:56: scopes must name at least one of " + Verb.scopes(),
                        "tokens.yaml:2:66: unknown field expire; known are id, sha256, tenant, owner, scopes,"
                                + " services, environments, expires");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]", "0:0:0:0:0:0:0:1"})
    void knowsThisMachine(String host) {
        assertThat(LoopbackAuthenticator.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "10.0.0.1",
                "0.0.0.0",
                "2130706433",
                "0x7f.1",
                "localtest.me",
                "",
                "[::2]",
                "::ffff:10.0.0.1",
                "dead.beef"
            })
    void takesNoOtherHostForThisMachine(String host) {
        assertThat(LoopbackAuthenticator.isLoopback(host)).isFalse();
    }
}
