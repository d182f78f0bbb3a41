package dev.sluice.sources.gitlab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.DeliveryIdentity;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitLabWebhookTest {
    private static final List<byte[]> SECRETS = List.of("s3cret".getBytes(UTF_8), "next".getBytes(UTF_8));
    private static final String SHA_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private final GitLabWebhook webhook = new GitLabWebhook();

    private static WebhookRequest request(String... headers) {
        var byName = new HashMap<String, List<String>>();
        for (int i = 0; i < headers.length; i += 2) {
            byName.put(headers[i], List.of(headers[i + 1]));
        }
        return new WebhookRequest(byName, Map.of(), "abc".getBytes(UTF_8));
    }

    @Test
    void secretIsInTheHeader() {
        assertThat(webhook.isAuthentic(request("X-Gitlab-Token", "s3cret"), SECRETS))
                .isTrue();
        assertThat(webhook.isAuthentic(request("x-gitlab-token", "next"), SECRETS))
                .isTrue();
        assertThat(webhook.isAuthentic(request("X-Gitlab-Token", "s3cre"), SECRETS))
                .isFalse();
        assertThat(webhook.isAuthentic(request(), SECRETS)).isFalse();
    }

    @Test
    void keyStaysTheSameWhenItIsTriedAgain() {
        assertThat(webhook.identify(request(
                        "X-Gitlab-Event",
                        "Job Hook",
                        "Idempotency-Key",
                        "f5e5f430",
                        "X-Gitlab-Event-UUID",
                        "13792a34")))
                .isEqualTo(new DeliveryIdentity("f5e5f430", "Job Hook"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words"})
    void bytesTellARepetition_whereThereIsNoKey(String key) {
        assertThat(webhook.identify(request("X-Gitlab-Event", "Push Hook", "Idempotency-Key", key)))
                .isEqualTo(new DeliveryIdentity(SHA_OF_ABC, "Push Hook"));
    }

    @Test
    void withoutAnEventItIsNoHookOfGitLab() {
        WebhookRequest request = request("Idempotency-Key", "f5e5f430");

        assertThatThrownBy(() -> webhook.identify(request))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("X-Gitlab-Event");
    }
}
