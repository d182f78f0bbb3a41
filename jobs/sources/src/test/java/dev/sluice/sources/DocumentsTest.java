package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.TextNode;
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

    @Test
    void partIsReadOfOneWholeDocumentOnly() {
        Documents.PartReader name = parser -> {
            parser.nextToken();
            String first = parser.currentName();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                parser.skipChildren();
            }
            return TextNode.valueOf(first);
        };

        assertThat(part("{\"a\": {\"b\": 1}, \"c\": [2]}", name)).isEqualTo("a");
        assertThat(part("{\"a\": {\"b\": 1}} {}", name)).isEqualTo("MALFORMED_JSON");
        assertThat(part("{\"a\": {\"b\": }}", name)).isEqualTo("MALFORMED_JSON");
        assertThat(part("{\"a\": 1, \"a\": 2}", name)).isEqualTo("MALFORMED_JSON");
        assertThat(part("{\"a\": " + "[".repeat(Documents.MAX_DEPTH) + "]".repeat(Documents.MAX_DEPTH) + "}", name))
                .isEqualTo("MALFORMED_JSON");
        assertThat(part("", name)).isEqualTo("MALFORMED_JSON");
    }

    private static String part(String json, Documents.PartReader part) {
        try {
            return Documents.read(json.getBytes(StandardCharsets.UTF_8), part).text();
        } catch (Rejection e) {
            return e.outcome().reason().name();
        }
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
