package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigDigestTest {
    private static final ObjectReader EXACT =
            Json.mapper().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String CANONICAL =
            "{\"alpha\":0.01,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}],\"min_exposure\":500}";

    private static JsonNode read(String json) throws IOException {
        return EXACT.readTree(json);
    }

    @Test
    void isThatOfTheCanonicalText() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(CANONICAL.getBytes(StandardCharsets.UTF_8));

        assertThat(ConfigDigest.of(read(CANONICAL)))
                .isEqualTo("sha256:" + HexFormat.of().formatHex(hash));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"min_exposure\": 500, \"metrics\": [{\"name\":\"b\",\"kind\":\"ratio\"},{\"name\":\"a\"}], \"alpha\": 0.01}",
                "{\"alpha\":0.0100,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}],\"min_exposure\":5e2}",
                "{\"alpha\":1e-2,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}],\"min_exposure\":500.0}"
            })
    void isTheSame_howeverMembersAndNumbersAreWritten(String json) throws Exception {
        assertThat(ConfigDigest.of(read(json))).isEqualTo(ConfigDigest.of(read(CANONICAL)));
        assertThat(ConfigDigest.of(Json.mapper().readTree(json))).isEqualTo(ConfigDigest.of(read(CANONICAL)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alpha\":0.01,\"metrics\":[{\"name\":\"a\"},{\"kind\":\"ratio\",\"name\":\"b\"}],\"min_exposure\":500}",
                "{\"alpha\":0.02,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}],\"min_exposure\":500}",
                "{\"alpha\":0.01,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}],\"min_exposure\":\"500\"}",
                "{\"alpha\":0.01,\"metrics\":[{\"kind\":\"ratio\",\"name\":\"b\"},{\"name\":\"a\"}]}"
            })
    void isAnother_ofWhatIsDifferent(String json) throws Exception {
        assertThat(ConfigDigest.of(read(json))).isNotEqualTo(ConfigDigest.of(read(CANONICAL)));
    }
}
