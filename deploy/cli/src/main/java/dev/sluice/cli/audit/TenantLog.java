package dev.sluice.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.AuditChain;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of one tenant as they are read, until the first that is not what it was. */
final class TenantLog {
    private final String tenant;
    private final NavigableMap<Long, String> heads;
    private @Nullable AuditChain chain;
    private long first;
    private @Nullable Finding finding;
    private long headsMet;

    /**
     * Creates a log before its first record.
     *
     * @param tenant whose
     * @param heads the hashes that were signed, by the number of their record
     */
    TenantLog(String tenant, Map<Long, String> heads) {
        this.tenant = tenant;
        this.heads = new TreeMap<>(heads);
    }

    /**
     * Takes the next record.
     *
     * @param seq its number, as it is written
     * @param hash the hash up to it, as it is written
     * @param record the record
     * @param where file and line, for people
     */
    void take(long seq, String hash, JsonNode record, String where) {
        if (finding != null) {
            return;
        }
        AuditChain before = chain == null ? begin(seq) : chain;
        if (before == null) {
            found(
                    1,
                    where + " begins with record " + seq + ": the records before are missing, and no head of "
                            + (seq - 1) + " is there to go on from");
            return;
        }
        long expected = before.seq() + 1;
        if (seq > expected) {
            found(
                    expected,
                    where + ": record " + expected + (seq == expected + 1 ? " is" : " to " + (seq - 1) + " are")
                            + " missing");
        } else if (seq < expected) {
            found(seq, where + ": record " + seq + " stands where record " + expected + " has to stand");
        } else {
            next(before.with(record), hash, where);
            if (finding == null && record.path("kind").asText().equals("gap")) {
                found(
                        seq,
                        where + ": Sluice itself lacked records after offset "
                                + record.path("after_offset").asLong() + " when it went on");
            }
        }
    }

    /** A log whose beginning is no longer kept goes on from a head that was signed. */
    private @Nullable AuditChain begin(long seq) {
        first = seq;
        if (seq == 1) {
            return AuditChain.START;
        }
        String signed = heads.get(seq - 1);
        return signed == null ? null : AuditChain.at(seq - 1, signed);
    }

    private void next(AuditChain after, String hash, String where) {
        String signed = heads.get(after.seq());
        if (!after.hash().equals(hash)) {
            found(after.seq(), where + ": record " + after.seq() + " was changed");
        } else if (signed != null && !signed.equals(hash)) {
            found(
                    lastSigned(after.seq()) + 1,
                    where + ": the records up to " + after.seq() + " are not those that were signed");
        } else {
            headsMet += signed == null ? 0 : 1;
            chain = after;
        }
    }

    private long lastSigned(long before) {
        Long last = heads.lowerKey(before);
        return last == null ? first - 1 : last;
    }

    /** There are no more records. */
    void end() {
        long last = chain == null ? 0 : chain.seq();
        if (finding == null && !heads.isEmpty() && heads.lastKey() > last) {
            found(
                    last + 1,
                    "the log ends with record " + last + ", and a head was signed at " + heads.lastKey()
                            + ": the end is missing");
        }
    }

    void found(long seq, String what) {
        if (finding == null) {
            finding = new Finding(seq, what);
        }
    }

    Result result() {
        return new Result(
                tenant,
                first,
                chain == null ? 0 : chain.seq(),
                chain == null ? "" : chain.hash(),
                headsMet,
                Optional.ofNullable(finding));
    }

    /**
     * What is known of a tenant's log.
     *
     * @param tenant whose
     * @param first number of its first record; 0 where there is none
     * @param last number of the last record that is what it was; 0 where there is none
     * @param hash of all up to it
     * @param heads how many signed heads agree
     * @param finding what is wrong first; nothing where all is what it was
     */
    record Result(String tenant, long first, long last, String hash, long heads, Optional<Finding> finding) {}

    /**
     * Something wrong.
     *
     * @param seq number of the first record that is concerned
     * @param what what, in words
     */
    record Finding(long seq, String what) {}
}
