package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;
import org.jspecify.annotations.Nullable;

/**
 * How far the audit log of a tenant has come: the number of its newest record and a hash of all records up to it. The hash of record n is
 * SHA-256(hash of n-1 followed by the record's canonical JSON, RFC 8785); before the first record it is 32 zero bytes. It is a function of
 * the records in their order in the log, so whoever reads them computes the same, and no record can be changed, left out, added or moved
 * without another hash coming out.
 */
public final class AuditChain {
    /** Before the first record. */
    public static final AuditChain START = new AuditChain(0, new byte[32]);

    private static final int HASH_BYTES = 32;

    private final long seq;
    private final byte[] hash;

    private AuditChain(long seq, byte[] hash) {
        this.seq = seq;
        this.hash = hash;
    }

    /**
     * Returns a chain that has come so far.
     *
     * @param seq number of the newest record, from 1; 0 before the first
     * @param hash 64 hexadecimal digits
     * @throws IllegalArgumentException if that cannot be
     */
    public static AuditChain at(long seq, String hash) {
        byte[] bytes = HexFormat.of().parseHex(hash);
        if (seq < 0 || bytes.length != HASH_BYTES) {
            throw new IllegalArgumentException("not a place in a chain: " + seq + ", " + hash);
        }
        return new AuditChain(seq, bytes);
    }

    /**
     * Returns the chain after one more record.
     *
     * @param record its JSON: an object
     * @throws MalformedRecordException if it is no JSON
     */
    public AuditChain with(byte[] record) {
        MessageDigest digest = Sha256.digest();
        digest.update(hash);
        try {
            digest.update(new JsonCanonicalizer(record).getEncodedUTF8());
        } catch (IOException e) {
            throw new MalformedRecordException("not JSON: " + e.getMessage(), "", e);
        }
        return new AuditChain(seq + 1, digest.digest());
    }

    /** Returns the chain after one more record. */
    public AuditChain with(JsonNode record) {
        return with(Json.bytes(record));
    }

    /** Returns the number of the newest record, from 1; 0 before the first. */
    public long seq() {
        return seq;
    }

    /** Returns the hash of all records up to the newest, 64 hexadecimal digits. */
    public String hash() {
        return HexFormat.of().formatHex(hash);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AuditChain that && seq == that.seq && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(seq) + Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return seq + ":" + hash();
    }
}
