package dev.sluice.gateapi.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenRequestTest {
    private static TokenRequest read(String body) throws IOException {
        return TokenRequest.read(Json.mapper().readTree(body));
    }

    @Test
    void readsWhatATokenIsFor() throws Exception {
        TokenRequest request = read("""
                {"id": "ci", "owner": "ann", "scopes": ["evaluate", "read"], "services": ["shop"],
                 "environments": ["production"], "expires_in": "400d"}""");

        assertThat(request)
                .isEqualTo(new TokenRequest(
                        "ci",
                        "ann",
                        Set.of(Verb.EVALUATE, Verb.READ),
                        new Reach(Set.of("shop"), Set.of("production")),
                        Duration.ofDays(400)));
        assertThat(read("{\"id\": \"ci\", \"scopes\": [\"read\"]}"))
                .isEqualTo(new TokenRequest("ci", null, Set.of(Verb.READ), Reach.ALL, Duration.ofDays(90)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tenant", "tenant_id", "role", "allowed", "verbs", "sha256", "key_id", "expires_at", "origin"})
    void aFieldThatIsNotKnownIsRefused(String field) {
        assertThatThrownBy(() -> read("{\"id\": \"ci\", \"scopes\": [\"read\"], \"" + field + "\": \"x\"}"))
                .isInstanceOf(ApiException.class)
                .extracting(thrown -> ((ApiException) thrown).line())
                .asString()
                .startsWith("/" + field + ": ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]|the body must be an object",
                "{\"scopes\": [\"read\"]}|/id",
                "{\"id\": \"a/b\", \"scopes\": [\"read\"]}|/id",
                "{\"id\": 7, \"scopes\": [\"read\"]}|/id",
                "{\"id\": \"a\"}|/scopes",
                "{\"id\": \"a\", \"scopes\": []}|/scopes",
                "{\"id\": \"a\", \"scopes\": \"read\"}|/scopes",
                "{\"id\": \"a\", \"scopes\": [\"public\"]}|/scopes/0",
                "{\"id\": \"a\", \"scopes\": [\"read\", \"Admin\"]}|/scopes/1",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"services\": []}|/services",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"services\": null}|/services",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"environments\": [\"\"]}|/environments",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"environments\": {\"a\": \"b\"}}|/environments",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"expires_in\": \"401d\"}|/expires_in",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"expires_in\": \"0s\"}|/expires_in",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"expires_in\": null}|/expires_in",
                "{\"id\": \"a\", \"scopes\": [\"read\"], \"owner\": \" \"}|/owner",
            })
    void whatIsWrongIsNamed(String body, String where) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(ApiException.class)
                .extracting(thrown -> ((ApiException) thrown).line())
                .asString()
                .startsWith(where);
    }
}
