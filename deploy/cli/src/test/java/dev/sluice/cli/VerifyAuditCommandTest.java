package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.AuditChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerifyAuditCommandTest {
    private static final OctetKeyPairJsonWebKey KEY = key();
    private static final OctetKeyPairJsonWebKey OTHER = key();

    @TempDir
    private Path directory;

    private Path keys;

    private static OctetKeyPairJsonWebKey key() {
        try {
            OctetKeyPairJsonWebKey key = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519);
            key.setKeyId(key.calculateBase64urlEncodedThumbprint("SHA-256"));
            return key;
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void publish() throws IOException {
        keys = Files.writeString(
                directory.resolve("jwks.json"),
                new JsonWebKeySet(KEY).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
    }

    private static String head(AuditChain chain, OctetKeyPairJsonWebKey key) {
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setHeader("typ", "sluice-audit-head+jws");
        jws.setKey(key.getPrivateKey());
        jws.setPayload("{\"tenant\":\"default\",\"seq\":%d,\"hash\":\"%s\",\"at\":\"2026-03-01T12:00:00Z\"}"
                .formatted(chain.seq(), chain.hash()));
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new AssertionError(e);
        }
    }

    private static ObjectNode record(int n) {
        return Documents.mapper()
                .createObjectNode()
                .put("kind", "decision")
                .put("id", "d-" + n)
                .put("value", n);
    }

    /** Lines of records 1 to 12, with a head after 4, 8 and 12. */
    private static List<String> log(Consumer<List<ObjectNode>> before, OctetKeyPairJsonWebKey key) {
        List<ObjectNode> records = new ArrayList<>();
        for (int n = 1; n <= 12; n++) {
            records.add(record(n));
        }
        before.accept(records);
        List<String> lines = new ArrayList<>();
        AuditChain chain = AuditChain.START;
        for (ObjectNode record : records) {
            chain = chain.with(record);
            ObjectNode line = Documents.mapper()
                    .createObjectNode()
                    .put("tenant", "default")
                    .put("seq", chain.seq())
                    .put("partition", 0)
                    .put("offset", chain.seq() + 10)
                    .put("hash", chain.hash());
            line.set("record", record);
            lines.add(line.toString());
            if (chain.seq() % 4 == 0) {
                lines.add("{\"tenant\":\"default\",\"head\":\"" + head(chain, key) + "\"}");
            }
        }
        return lines;
    }

    private Run verify(List<String> lines, String... more) throws IOException {
        Path file = Files.write(directory.resolve("audit-0.jsonl"), lines);
        List<String> args = new ArrayList<>(List.of("verify-audit", file.toString(), "--keys", keys.toString()));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private static List<String> untouched() {
        return log(records -> {}, KEY);
    }

    @Test
    void aLogThatIsWhatItWasIsIntact() throws IOException {
        Run run = verify(untouched());

        assertThat(run.status()).as(run.out() + run.err()).isEqualTo(0);
        assertThat(run.out()).isEqualTo("INTACT default: records 1 to 12, 3 signed heads agree\n");
        assertThat(run.err()).contains("a missing end cannot be told");
    }

    static Stream<Arguments> manipulations() {
        return Stream.of(
                // lines 0 to 3 are records 1 to 4, line 4 is a head, lines 5 to 8 are records 5 to 8, and so on
                Arguments.of(
                        "edited", 6, edit(lines -> lines.set(6, lines.get(6).replace("\"value\":6", "\"value\":7")))),
                Arguments.of(
                        "its hash edited",
                        6,
                        edit(lines -> lines.set(6, lines.get(6).replace("\"hash\":\"", "\"hash\":\"0")))),
                Arguments.of("deleted", 6, edit(lines -> lines.remove(6))),
                Arguments.of("first deleted", 1, edit(lines -> lines.remove(0))),
                Arguments.of("two deleted", 6, edit(lines -> lines.subList(6, 8).clear())),
                Arguments.of("reordered", 6, edit(lines -> Collections.swap(lines, 6, 7))),
                Arguments.of("inserted", 6, edit(lines -> lines.add(7, lines.get(6)))),
                Arguments.of("end cut off, head left", 12, edit(lines -> lines.remove(13))),
                Arguments.of(
                        "head of another key",
                        0,
                        edit(lines -> lines.set(9, log(records -> {}, OTHER).get(9)))));
    }

    private static Consumer<List<String>> edit(Consumer<List<String>> edit) {
        return edit;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manipulations")
    void whateverIsDoneToItIsTold_withTheFirstRecordConcerned(String what, int seq, Consumer<List<String>> edit)
            throws IOException {
        List<String> lines = untouched();
        edit.accept(lines);

        Run run = verify(lines, "--output", "json");

        assertThat(run.status()).as(run.out() + run.err()).isEqualTo(10);
        JsonNode tenant = Documents.mapper().readTree(run.out()).at("/tenants/0");
        assertThat(tenant.path("bad_seq").intValue()).as(run.out()).isEqualTo(seq);
        assertThat(tenant.path("intact").booleanValue()).isFalse();
        assertThat(verify(lines).out()).startsWith("BROKEN default");
    }

    @Test
    void aLogWrittenAnewWithHashesThatFitIsTold_byTheHeadsThatWereSigned() throws IOException {
        List<String> anew = log(records -> records.set(5, record(99)), OTHER);
        List<String> signed = untouched();
        for (int line : new int[] {4, 9, 14}) {
            anew.set(line, signed.get(line));
        }

        Run run = verify(anew, "--output", "json");

        assertThat(run.status()).isEqualTo(10);
        assertThat(Documents.mapper()
                        .readTree(run.out())
                        .at("/tenants/0/bad_seq")
                        .intValue())
                .as("the first after the last head that agrees")
                .isEqualTo(5);
    }

    @Test
    void whatSluiceItselfLackedIsTold() throws IOException {
        List<String> lines = log(
                records -> records.set(
                        6,
                        Documents.mapper()
                                .createObjectNode()
                                .put("kind", "gap")
                                .put("after_offset", 16)
                                .put("goes_on_at", 90)),
                KEY);

        Run run = verify(lines, "--output", "json");

        assertThat(run.status()).isEqualTo(10);
        JsonNode tenant = Documents.mapper().readTree(run.out()).at("/tenants/0");
        assertThat(tenant.path("bad_seq").intValue()).isEqualTo(7);
        assertThat(tenant.path("finding").asText()).contains("after offset 16");
    }

    @Test
    void aMissingEndIsToldByAHeadFromElsewhere() throws IOException {
        List<String> cut = untouched().subList(0, 10);
        AuditChain chain = AuditChain.START;
        for (int n = 1; n <= 12; n++) {
            chain = chain.with(record(n));
        }
        Path head =
                Files.writeString(directory.resolve("head.json"), "{\"seq\":12,\"jws\":\"" + head(chain, KEY) + "\"}");

        assertThat(verify(cut).status()).as("it cannot be told from the file").isEqualTo(0);
        Run run = verify(cut, "--head", head.toString());

        assertThat(run.status()).isEqualTo(10);
        assertThat(run.out()).contains("first bad record: 9", "the end is missing");
        Path forged = Files.writeString(directory.resolve("forged"), head(chain, OTHER));
        assertThat(verify(cut, "--head", forged.toString()).status()).isEqualTo(1);
    }

    @Test
    void aLogWhoseBeginningIsNoLongerKeptGoesOnFromAHead() throws IOException {
        List<String> kept = untouched().subList(4, 15);

        Run run = verify(kept);

        assertThat(run.status()).as(run.out()).isEqualTo(0);
        assertThat(run.out()).contains("records 5 to 12");
        assertThat(verify(untouched().subList(5, 15)).out()).contains("the records before are missing");
    }

    @Test
    void theKeysAndTheNewestHeadAreAskedOfSluice() throws IOException {
        AuditChain chain = AuditChain.START;
        for (int n = 1; n <= 12; n++) {
            chain = chain.with(record(n));
        }
        Path file = Files.write(directory.resolve("audit-0.jsonl"), untouched().subList(0, 10));
        try (var api = new LocalApi()) {
            api.answers("/.well-known/jwks.json", 200, Files.readString(keys));
            api.answers("/v1/audit/head", 200, "{\"seq\":12,\"jws\":\"" + head(chain, KEY) + "\"}");

            Run run = Run.of("verify-audit", file.toString(), "--url", api.url());

            assertThat(run.status()).as(run.out() + run.err()).isEqualTo(10);
            assertThat(run.out()).contains("first bad record: 9");
        }
    }

    @Test
    void whatIsNoExportIsAnError() throws IOException {
        assertThat(verify(List.of("no json")).status()).isEqualTo(1);
        assertThat(verify(List.of("no json")).err()).contains("audit-0.jsonl:1");
        assertThat(Run.of("verify-audit").status()).isEqualTo(2);
    }
}
