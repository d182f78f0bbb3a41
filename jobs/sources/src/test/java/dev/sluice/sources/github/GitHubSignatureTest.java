package dev.sluice.sources.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.Deliveries;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHubSignatureTest {
    /** The example of GitHub's documentation, "Validating webhook deliveries". */
    private static final byte[] SECRET = "It's a Secret to Everybody".getBytes(UTF_8);

    private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
    private static final String DIGITS = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String HEADER = "sha256=" + DIGITS;

    @Test
    void acceptsTheSignatureOfGitHubsDocumentation() {
        assertThat(GitHubSignature.verify(SECRET, BODY, HEADER)).isTrue();
        assertThat(GitHubSignature.verify(SECRET, BODY, "sha256=" + DIGITS.toUpperCase(Locale.ROOT)))
                .isTrue();
        assertThat(GitHubSignature.sign(SECRET, BODY)).isEqualTo(HEADER);
    }

    @Test
    void refusesEveryFlippedBitOfTheBodyTheSecretAndTheSignature() {
        for (int bit = 0; bit < BODY.length * 8; bit++) {
            assertThat(GitHubSignature.verify(SECRET, flipped(BODY, bit), HEADER))
                    .as("body with bit %s flipped", bit)
                    .isFalse();
        }
        for (int bit = 0; bit < SECRET.length * 8; bit++) {
            assertThat(GitHubSignature.verify(flipped(SECRET, bit), BODY, HEADER))
                    .as("secret with bit %s flipped", bit)
                    .isFalse();
        }
        for (int digit = 0; digit < DIGITS.length(); digit++) {
            char other = DIGITS.charAt(digit) == '0' ? '1' : '0';
            String wrong = "sha256=" + DIGITS.substring(0, digit) + other + DIGITS.substring(digit + 1);
            assertThat(GitHubSignature.verify(SECRET, BODY, wrong))
                    .as("digit %s changed", digit)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256=",
                DIGITS,
                "sha1=" + DIGITS,
                "SHA256=" + DIGITS,
                "sha256=" + DIGITS + "0",
                " sha256=" + DIGITS,
                "sha256=" + DIGITS + ",sha256=" + DIGITS,
                "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
                "sha256=g57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
                "sha256=７57107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
            })
    void refusesEveryOtherFormOfTheHeader(String header) {
        assertThat(GitHubSignature.verify(SECRET, BODY, header)).isFalse();
    }

    @Test
    void nothingIsSignedWithoutASecretOrAHeader() {
        assertThat(GitHubSignature.verify(null, BODY, HEADER)).isFalse();
        assertThat(GitHubSignature.verify(new byte[0], BODY, HEADER)).isFalse();
        assertThat(GitHubSignature.verify(SECRET, BODY, null)).isFalse();
    }

    @Test
    void acceptsThePublishedVectors() throws IOException {
        Path vectors = Deliveries.samples().resolve("signature-vectors.json");
        assumeTrue(Files.exists(vectors), "signature-vectors.json of the shared samples is absent");
        int count = 0;
        for (JsonNode vector : Json.mapper().readTree(vectors.toFile())) {
            if (vector.path("system").asText().equals("github")) {
                count++;
                assertThat(GitHubSignature.verify(
                                vector.path("secret").asText().getBytes(UTF_8),
                                vector.path("body").asText().getBytes(UTF_8),
                                vector.path("value").asText()))
                        .as(vector.toString())
                        .isTrue();
            }
        }
        assertThat(count).isPositive();
    }

    private static byte[] flipped(byte[] bytes, int bit) {
        byte[] copy = bytes.clone();
        copy[bit / 8] ^= (byte) (1 << (bit % 8));
        return copy;
    }
}
