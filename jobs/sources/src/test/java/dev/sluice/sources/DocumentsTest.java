package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{", "{\"a\":1,\"a\":2}", "{} {}", "{'a':1}", "[1,]", "nul", "{\"a\":NaN}"})
    void refusesWhatIsNotExactlyOneJsonDocument(String text) {
        assertThat(reason(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(Reason.MALFORMED_JSON);
    }

    @ParameterizedTest
    @MethodSource("notUtf8")
    void refusesBytesThatAreNotUtf8(byte[] bytes) {
        assertThat(reason(bytes)).isEqualTo(Reason.MALFORMED_JSON);
    }

    static Stream<byte[]> notUtf8() {
        return Stream.of(
                new byte[] {'"', (byte) 0xFF, '"'},
                new byte[] {'"', (byte) 0xC3, '"'},
                new byte[] {'"', (byte) 0xF8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'},
                new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xD8, 0x00},
                new byte[] {0, 0, 0});
    }

    @Test
    void nestingHasALimit() {
        assertThat(Documents.read(nested(Documents.MAX_DEPTH)).node().isArray()).isTrue();
        assertThat(reason(nested(Documents.MAX_DEPTH + 1))).isEqualTo(Reason.MALFORMED_JSON);
        assertThat(reason(nested(1_000_000))).isEqualTo(Reason.MALFORMED_JSON);
    }

    private static byte[] nested(int depth) {
        return ("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.UTF_8);
    }

    private static Reason reason(byte[] body) {
        return catchThrowableOfType(Rejection.class, () -> Documents.read(body))
                .outcome()
                .reason();
    }
}
