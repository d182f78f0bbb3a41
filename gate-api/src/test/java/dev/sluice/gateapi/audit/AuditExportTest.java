package dev.sluice.gateapi.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditExportTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path directory;

    private SigningKeys keys;

    @BeforeEach
    void makeAKey() throws IOException {
        SigningKeys.create(directory.resolve("keys/1.jwk.json"));
        keys = SigningKeys.read(directory.resolve("keys"), new Problems());
    }

    private AuditExport export(Instant now) {
        return new AuditExport(directory, new HeadSigner(keys), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static byte[] record(long n) {
        return ("{\"n\":" + n + "}").getBytes(StandardCharsets.UTF_8);
    }

    /** Takes the records up to a number, from where the export left off. */
    private static AuditPosition write(AuditExport export, long last) throws IOException {
        AuditPosition position = export.position(0);
        for (long offset = position.offset() + 1; offset <= last; offset++) {
            AuditLine line = AuditLine.next("default", 0, offset, record(offset), position.chain("default"), null);
            export.take(line);
            position = position.with(offset, Map.of("default", chain(line)));
        }
        export.reached(0, position);
        return position;
    }

    private static AuditChain chain(AuditLine line) {
        return requireNonNull(line.chain());
    }

    private Path file() {
        return directory.resolve("audit-0.jsonl");
    }

    private List<JsonNode> lines() throws IOException {
        var lines = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(file())) {
            lines.add(Json.mapper().readTree(line));
        }
        return lines;
    }

    private void assertWhole(int records) throws IOException {
        AuditChain chain = AuditChain.START;
        for (JsonNode line : lines()) {
            if (line.has("record")) {
                chain = chain.with(line.path("record"));
                assertThat(line.path("seq").longValue()).isEqualTo(chain.seq());
                assertThat(line.path("hash").asText()).isEqualTo(chain.hash());
            }
        }
        assertThat(chain.seq()).isEqualTo(records);
    }

    @Test
    void goesOnWhereItLeftOff() throws IOException {
        write(export(START), 4);
        write(export(START), 9);

        assertWhole(10);
    }

    @Test
    void whatWasWrittenBeforeAKillIsWrittenAgainTheSame() throws IOException {
        write(export(START), 4);
        String before = Files.readString(file());
        Files.writeString(file(), "{\"tenant\":\"default\",\"seq\":6,\"torn", StandardOpenOption.APPEND);

        write(export(START), 7);

        assertThat(Files.readString(file())).startsWith(before);
        assertWhole(8);
    }

    @Test
    void aLostPositionIsFoundInTheFile_andNothingOfItIsLost() throws IOException {
        write(export(START), 4);
        String before = Files.readString(file());
        for (boolean empty : new boolean[] {false, true}) {
            Files.delete(directory.resolve("audit-0.position"));
            if (empty) {
                Files.createFile(directory.resolve("audit-0.position"));
            }
            Files.writeString(file(), "{\"torn", StandardOpenOption.APPEND);

            write(export(START), empty ? 9 : 7);

            assertThat(Files.readString(file())).startsWith(before);
        }
        assertWhole(10);
    }

    @Test
    void aMinuteLaterWhatHasGrownIsSigned_alsoWhatWasWrittenBeforeARestart() throws IOException {
        write(export(START), 4);
        AuditExport restarted = export(START);
        AuditPosition position = restarted.position(0);
        assertThat(lines()).noneMatch(line -> line.has("head"));

        var later = new AuditExport(directory, new HeadSigner(keys), new Ticking());
        later.position(0);
        later.reached(0, position);

        assertThat(lines()).filteredOn(line -> line.has("head")).hasSize(1);
        later.reached(0, position);
        assertThat(lines()).as("once").filteredOn(line -> line.has("head")).hasSize(1);
    }

    /** Each look is a minute and a second later. */
    private static final class Ticking extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            now = now.plus(Duration.ofSeconds(61));
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
