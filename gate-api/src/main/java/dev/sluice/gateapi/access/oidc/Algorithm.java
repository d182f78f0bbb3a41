package dev.sluice.gateapi.access.oidc;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.Optional;

/** A signature that is taken, each with the one type of key that it goes with. */
enum Algorithm {
    /** RSA with SHA-256. */
    RS256("RS256") {
        @Override
        boolean takes(PublicKey key) {
            return key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
        }
    },
    /** ECDSA on P-256 with SHA-256. */
    ES256("ES256") {
        @Override
        boolean takes(PublicKey key) {
            return key instanceof ECPublicKey ec
                    && ec.getParams().getCurve().getField().getFieldSize() == P256_BITS;
        }

        /** A signature of zeros, or of the order of the curve and more, is none; some verifiers have taken it. */
        @Override
        boolean isPossible(byte[] signature) {
            return signature.length == 2 * P256_BYTES
                    && !isZero(signature, 0, P256_BYTES)
                    && !isZero(signature, P256_BYTES, 2 * P256_BYTES);
        }
    },
    /** Ed25519. */
    EDDSA("EdDSA") {
        @Override
        boolean takes(PublicKey key) {
            return key instanceof EdECPublicKey ed
                    && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
        }
    };

    private static final int MIN_RSA_BITS = 2048;
    private static final int P256_BITS = 256;
    private static final int P256_BYTES = 32;

    private final String header;

    Algorithm(String header) {
        this.header = header;
    }

    /** Returns the name in the header {@code alg}. */
    String header() {
        return header;
    }

    /** Returns whether a key is of its type. */
    abstract boolean takes(PublicKey key);

    /** Returns whether bytes can be such a signature. */
    boolean isPossible(byte[] signature) {
        return signature.length > 0;
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the algorithm of a name, exactly as it is written; nothing for all others. */
    static Optional<Algorithm> of(String name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.header.equals(name))
                .findFirst();
    }
}
