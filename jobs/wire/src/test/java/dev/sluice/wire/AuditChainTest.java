package dev.sluice.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditChainTest {
    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static AuditChain of(List<String> records) {
        AuditChain chain = AuditChain.START;
        for (String record : records) {
            chain = chain.with(json(record));
        }
        return chain;
    }

    @Test
    void theHashIsOfTheHashBeforeAndTheCanonicalRecord() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(new byte[32]);
        String first = HexFormat.of().formatHex(digest.digest(json("{\"a\":1,\"b\":\"ü\"}")));

        AuditChain chain = AuditChain.START.with(json("{ \"b\": \"\\u00fc\", \"a\": 1.0 }"));

        assertThat(chain.seq()).isEqualTo(1);
        assertThat(chain.hash()).isEqualTo(first);
        digest.update(HexFormat.of().parseHex(first));
        assertThat(chain.with(json("{}")).hash()).isEqualTo(HexFormat.of().formatHex(digest.digest(json("{}"))));
    }

    @Test
    void goesOnFromAnyPlace() {
        AuditChain whole = of(List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));
        AuditChain part = of(List.of("{\"n\":1}", "{\"n\":2}"));

        assertThat(AuditChain.at(part.seq(), part.hash()).with(json("{\"n\":3}")))
                .isEqualTo(whole);
    }

    @Test
    void whateverIsDoneToTheRecordsShows() {
        AuditChain chain = of(List.of("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"));

        assertThat(of(List.of("{\"n\":1}", "{\"n\":4}", "{\"n\":3}"))).isNotEqualTo(chain);
        assertThat(of(List.of("{\"n\":1}", "{\"n\":3}", "{\"n\":2}"))).isNotEqualTo(chain);
        assertThat(of(List.of("{\"n\":1}", "{\"n\":3}"))).isNotEqualTo(chain);
        assertThat(of(List.of("{\"n\":1}", "{\"n\":2}"))).isNotEqualTo(chain);
    }

    @Test
    void whatIsNoJsonAndWhatIsNoPlaceAreRefused() {
        assertThatThrownBy(() -> AuditChain.START.with(json("{\"n\":"))).isInstanceOf(MalformedRecordException.class);
        assertThatThrownBy(() -> AuditChain.at(1, "ab")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AuditChain.at(-1, AuditChain.START.hash()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
