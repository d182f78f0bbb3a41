package dev.sluice.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jose4j.jwk.JsonWebKeySet;

/**
 * Verifies the files of an audit export: each record against the chain of hashes, and the chain against the heads that were signed, in the
 * files and elsewhere. A change shows at the record; a log that was written anew as a whole shows at the first signed head.
 */
public final class AuditVerifier {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonWebKeySet keys;
    private final Map<String, Map<Long, String>> heads = new HashMap<>();
    private final Map<String, TenantLog> logs = new TreeMap<>();
    private final Map<String, String> forged = new TreeMap<>();

    /**
     * Creates a verifier.
     *
     * @param keys the keys of Sluice
     */
    public AuditVerifier(JsonWebKeySet keys) {
        this.keys = keys;
    }

    /**
     * Takes a head that was kept elsewhere.
     *
     * @param jws a compact JWS
     * @return whether one of the keys has signed it
     */
    public boolean head(String jws) {
        Optional<SignedHead> head = SignedHead.verify(jws, keys);
        head.ifPresent(this::take);
        return head.isPresent();
    }

    private void take(SignedHead head) {
        String earlier =
                heads.computeIfAbsent(head.tenant(), none -> new HashMap<>()).putIfAbsent(head.seq(), head.hash());
        if (earlier != null && !earlier.equals(head.hash())) {
            forged.putIfAbsent(head.tenant(), "two heads of record " + head.seq() + " were signed that differ");
        }
    }

    /**
     * Verifies files.
     *
     * @param files in any order; the records of a tenant are in one of them
     * @return what is known of each tenant's log, by its name
     * @throws IOException if one cannot be read
     */
    public List<Verified> verify(List<Path> files) throws IOException {
        for (Path file : files) {
            read(file, this::readHead);
        }
        for (Path file : files) {
            read(file, this::readRecord);
        }
        heads.keySet().forEach(this::log);
        forged.forEach((tenant, what) -> log(tenant).found(0, what));
        logs.values().forEach(TenantLog::end);
        return logs.values().stream().map(TenantLog::result).map(Verified::of).toList();
    }

    private void read(Path file, Line reader) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String where = file.getFileName() + ":" + number;
                reader.read(parsed(line, where), where);
            }
        }
    }

    private static JsonNode parsed(String line, String where) throws IOException {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IOException(where + ": is no JSON; a line of an audit export is an object", e);
        }
    }

    private void readHead(JsonNode line, String where) {
        if (line.has("head") && !head(line.path("head").asText())) {
            forged.putIfAbsent(line.path("tenant").asText(), where + ": the head was not signed by one of the keys");
        }
    }

    private void readRecord(JsonNode line, String where) {
        if (line.has("record")) {
            log(line.path("tenant").asText())
                    .take(line.path("seq").asLong(), line.path("hash").asText(), line.path("record"), where);
        }
    }

    private TenantLog log(String tenant) {
        return logs.computeIfAbsent(tenant, name -> new TenantLog(name, heads.getOrDefault(name, Map.of())));
    }

    /** What is done with a line. */
    @FunctionalInterface
    private interface Line {
        void read(JsonNode line, String where);
    }

    /**
     * What is known of a tenant's log.
     *
     * @param tenant whose
     * @param intact whether all of it is what it was
     * @param first number of its first record; 0 where there is none
     * @param last number of the last record that is what it was; 0 where there is none
     * @param hash of all up to it
     * @param heads how many signed heads agree
     * @param badSeq number of the first record that is concerned; 0 where all is what it was, or no record is
     * @param finding what is wrong, in words; empty where nothing is
     */
    public record Verified(
            String tenant,
            boolean intact,
            long first,
            long last,
            String hash,
            long heads,
            long badSeq,
            String finding) {
        private static Verified of(TenantLog.Result result) {
            return new Verified(
                    result.tenant(),
                    result.finding().isEmpty(),
                    result.first(),
                    result.last(),
                    result.hash(),
                    result.heads(),
                    result.finding().map(TenantLog.Finding::seq).orElse(0L),
                    result.finding().map(TenantLog.Finding::what).orElse(""));
        }
    }
}
