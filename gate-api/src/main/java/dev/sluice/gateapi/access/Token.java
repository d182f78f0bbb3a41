package dev.sluice.gateapi.access;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A credential, of which only a hash is known.
 *
 * @param sha256 SHA-256 of the secret: 32 bytes
 * @param principal whom it stands for
 * @param expires the moment from which it is void; null for never
 */
record Token(byte[] sha256, Principal principal, @Nullable Instant expires) {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Token that
                && Arrays.equals(sha256, that.sha256)
                && principal.equals(that.principal)
                && Objects.equals(expires, that.expires);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(sha256), principal, expires);
    }

    /** Leaves the hash out. */
    @Override
    public String toString() {
        return "Token[" + principal + ", expires=" + expires + "]";
    }
}
