package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KeysTest {
    static Stream<List<String>> awkwardParts() {
        return Stream.of(
                List.of("default", "acme/shop", "production"),
                List.of("a"),
                List.of(""),
                List.of("", ""),
                List.of("a", "", "b"),
                List.of("", "a/"),
                List.of("/", "//", "/"),
                List.of("%", "%%", "%2"),
                List.of("%2F", "%252F", "%25"),
                List.of("%25/", "2F"),
                List.of("100%/day", "%2f"),
                List.of("caf\u00e9/\ud801\udc00", "\n\t \u0000"));
    }

    @ParameterizedTest
    @MethodSource("awkwardParts")
    void splitsWhatItJoined(List<String> parts) {
        assertThat(Keys.split(Keys.of(parts.toArray(String[]::new)))).containsExactlyElementsOf(parts);
    }

    @Test
    void joinsBySlashesAndEscapesThoseInside() {
        assertThat(Keys.of("default", "acme/shop", "100%")).isEqualTo("default/acme%2Fshop/100%25");
    }

    @Test
    void differentPartsMakeDifferentKeys() {
        long seed = 20250303;
        var random = new Random(seed);
        Map<String, String> partsOfKey = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String[] parts = new String[1 + random.nextInt(3)];
            for (int j = 0; j < parts.length; j++) {
                parts[j] = random.ints(random.nextInt(4), 0, 5)
                        .collect(StringBuilder::new, (text, c) -> text.append("/%2F5".charAt(c)), StringBuilder::append)
                        .toString();
            }
            String same = String.join("|", parts);
            String key = Keys.of(parts);
            assertThat(partsOfKey.getOrDefault(key, same))
                    .as("seed %s, key %s", seed, key)
                    .isEqualTo(same);
            partsOfKey.put(key, same);
            assertThat(Keys.split(key)).as("seed %s, key %s", seed, key).containsExactly(parts);
        }
        assertThat(partsOfKey).hasSizeGreaterThan(1_000);
    }

    @Test
    void heartbeatHasOneKeyAPartition() {
        assertThat(Keys.heartbeat(0)).isEqualTo("~heartbeat/0");
        assertThat(Keys.heartbeat(11)).startsWith(Keys.HEARTBEAT_PREFIX).isNotEqualTo(Keys.heartbeat(1));
    }
}
