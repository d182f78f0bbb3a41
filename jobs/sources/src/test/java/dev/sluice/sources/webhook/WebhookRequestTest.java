package dev.sluice.sources.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sources.Rejection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRequestTest {
    private static WebhookRequest request(Map<String, String> parameters, String body) {
        return new WebhookRequest(Map.of("X-Event", List.of("Push Hook")), parameters, body.getBytes(UTF_8));
    }

    @Test
    void wordsMayHaveSpaces_idsMayNot() {
        WebhookRequest request = request(Map.of(), "{}");

        assertThat(request.phrase("x-event")).isEqualTo("Push Hook");
        assertThatThrownBy(() -> request.token("X-Event"))
                .isInstanceOf(Rejection.class)
                .hasMessage("header X-Event is missing or malformed");
        assertThatThrownBy(() -> request.phrase("X-Other")).isInstanceOf(Rejection.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "a ", "a\tb", "ä"})
    void otherCharactersAreRefused(String value) {
        var request = new WebhookRequest(Map.of("X-Event", List.of(value)), Map.of(), new byte[0]);

        assertThatThrownBy(() -> request.phrase("X-Event")).isInstanceOf(Rejection.class);
        assertThatThrownBy(() -> request.token("X-Event")).isInstanceOf(Rejection.class);
    }

    @Test
    void digestIsThatOfTheBody_andOfEachParameter() {
        assertThat(request(Map.of(), "abc").digest())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(List.of(
                        request(Map.of(), "abc").digest(),
                        request(Map.of("run", "1"), "abc").digest(),
                        request(Map.of("run", "2"), "abc").digest(),
                        request(Map.of("run", "1", "service", "2"), "abc").digest(),
                        request(Map.of("run", "1service=1:2"), "abc").digest(),
                        request(Map.of("run", "1"), "abd").digest()))
                .doesNotHaveDuplicates();
        assertThat(request(Map.of("run", "1", "service", "2"), "abc").digest())
                .isEqualTo(request(Map.of("service", "2", "run", "1"), "abc").digest());
    }
}
