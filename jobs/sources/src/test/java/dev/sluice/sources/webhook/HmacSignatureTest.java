package dev.sluice.sources.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.Deliveries;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacSignatureTest {
    private static final HmacSignature SIGNATURE = new HmacSignature("sha256=");

    /** The example of GitHub's documentation, "Validating webhook deliveries". */
    private static final byte[] SECRET = "It's a Secret to Everybody".getBytes(UTF_8);

    private static final byte[] BODY = "Hello, World!".getBytes(UTF_8);
    private static final String DIGITS = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    private static final String HEADER = "sha256=" + DIGITS;

    @Test
    void acceptsTheSignatureOfGitHubsDocumentation() {
        assertThat(SIGNATURE.verify(SECRET, BODY, HEADER)).isTrue();
        assertThat(SIGNATURE.verify(SECRET, BODY, "sha256=" + DIGITS.toUpperCase(Locale.ROOT)))
                .isTrue();
        assertThat(SIGNATURE.sign(SECRET, BODY)).isEqualTo(HEADER);
    }

    @Test
    void refusesEveryFlippedBitOfTheBodyTheSecretAndTheSignature() {
        for (int bit = 0; bit < BODY.length * 8; bit++) {
            assertThat(SIGNATURE.verify(SECRET, flipped(BODY, bit), HEADER))
                    .as("body with bit %s flipped", bit)
                    .isFalse();
        }
        for (int bit = 0; bit < SECRET.length * 8; bit++) {
            assertThat(SIGNATURE.verify(flipped(SECRET, bit), BODY, HEADER))
                    .as("secret with bit %s flipped", bit)
                    .isFalse();
        }
        for (int digit = 0; digit < DIGITS.length(); digit++) {
            char other = DIGITS.charAt(digit) == '0' ? '1' : '0';
            String wrong = "sha256=" + DIGITS.substring(0, digit) + other + DIGITS.substring(digit + 1);
            assertThat(SIGNATURE.verify(SECRET, BODY, wrong))
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
        assertThat(SIGNATURE.verify(SECRET, BODY, header)).isFalse();
    }

    @Test
    void nothingIsSignedWithoutASecretOrAHeader() {
        assertThat(SIGNATURE.verify(null, BODY, HEADER)).isFalse();
        assertThat(SIGNATURE.verify(new byte[0], BODY, HEADER)).isFalse();
        assertThat(SIGNATURE.verify(SECRET, BODY, null)).isFalse();
    }

    @Test
    void isThatOfOneOfTheSecrets() {
        byte[] other = "another secret".getBytes(UTF_8);

        assertThat(SIGNATURE.isOfOne(List.of(other, SECRET), BODY, Optional.of(HEADER)))
                .isTrue();
        assertThat(SIGNATURE.isOfOne(List.of(SECRET, other), BODY, Optional.of(HEADER)))
                .isTrue();
        assertThat(SIGNATURE.isOfOne(List.of(other), BODY, Optional.of(HEADER))).isFalse();
        assertThat(SIGNATURE.isOfOne(List.of(SECRET), BODY, Optional.empty())).isFalse();
    }

    @Test
    void isAmongSeveralOfOneHeader() {
        String wrong = SIGNATURE.sign("another secret".getBytes(UTF_8), BODY);
        List<byte[]> secrets = List.of("the next one".getBytes(UTF_8), SECRET);

        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.of(HEADER))).isTrue();
        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.of(wrong + "," + HEADER)))
                .isTrue();
        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.of(HEADER + ", " + wrong)))
                .isTrue();
        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.of(wrong + "," + wrong)))
                .isFalse();
        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.of(","))).isFalse();
        assertThat(SIGNATURE.isAmong(secrets, BODY, Optional.empty())).isFalse();
    }

    @Test
    void looksAtNoMoreThanTenSignatures() {
        String wrong = SIGNATURE.sign("another secret".getBytes(UTF_8), BODY);

        assertThat(SIGNATURE.isAmong(List.of(SECRET), BODY, Optional.of((wrong + ",").repeat(9) + HEADER)))
                .isTrue();
        assertThat(SIGNATURE.isAmong(List.of(SECRET), BODY, Optional.of((wrong + ",").repeat(10) + HEADER)))
                .isFalse();
    }

    /** System, and the prefix of its signature; the vectors stand outside of the repository. */
    @ParameterizedTest
    @CsvSource({"github,sha256=", "circleci,v1="})
    void acceptsThePublishedVectors(String system, String prefix) throws IOException {
        Path vectors = Deliveries.samples().resolve("signature-vectors.json");
        assumeTrue(Files.exists(vectors), "signature-vectors.json of the shared samples is absent");
        int count = 0;
        for (JsonNode vector : Json.mapper().readTree(vectors.toFile())) {
            if (vector.path("system").asText().equals(system)) {
                count++;
                assertThat(new HmacSignature(prefix)
                                .verify(
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
