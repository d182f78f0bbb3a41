package dev.sluice.gateapi.keys;

import static java.util.Objects.requireNonNull;

import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Ed25519 keys in files, each a JWK (RFC 7517, 8037) named {@code *.jwk.json}. The last one by its name that has its private part signs;
 * all are published, so that what an earlier one has signed can be verified: a key is retired by removing its {@code d}.
 */
public final class SigningKeys {
    private static final String SUFFIX = ".jwk.json";

    private final List<OctetKeyPairJsonWebKey> keys;
    private final @Nullable OctetKeyPairJsonWebKey signing;

    private SigningKeys(List<OctetKeyPairJsonWebKey> keys) {
        this.keys = List.copyOf(keys);
        this.signing = keys.stream()
                .filter(key -> key.getPrivateKey() != null)
                .reduce((earlier, later) -> later)
                .orElse(null);
    }

    /** Returns keys that sign nothing: there is none. */
    public static SigningKeys none() {
        return new SigningKeys(List.of());
    }

    /**
     * Reads the keys of a directory.
     *
     * @param directory the directory
     * @param problems where to report; never with anything of a key
     */
    public static SigningKeys read(Path directory, Problems problems) {
        var keys = new ArrayList<OctetKeyPairJsonWebKey>();
        List<Path> files;
        try (Stream<Path> entries = Files.list(directory)) {
            files = entries.filter(file -> String.valueOf(file.getFileName()).endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            problems.add(directory + ": the directory of signing keys cannot be read");
            return none();
        }
        for (Path file : files) {
            key(file, problems).ifPresent(keys::add);
        }
        var read = new SigningKeys(keys);
        if (read.signing == null) {
            problems.add(directory + ": there is no key (*" + SUFFIX + ") that has its private part");
        }
        return read;
    }

    private static Optional<OctetKeyPairJsonWebKey> key(Path file, Problems problems) {
        try {
            JsonWebKey read = JsonWebKey.Factory.newJwk(Files.readString(file));
            if (read instanceof OctetKeyPairJsonWebKey key
                    && OctetKeyPairJsonWebKey.SUBTYPE_ED25519.equals(key.getSubtype())) {
                key.setKeyId(key.calculateBase64urlEncodedThumbprint("SHA-256"));
                key.setAlgorithm(AlgorithmIdentifiers.EDDSA);
                key.setUse("sig");
                return Optional.of(key);
            }
            problems.add(file.getFileName() + ": the key must be one of Ed25519 (kty OKP, crv Ed25519)");
        } catch (JoseException | IOException e) {
            problems.add(file.getFileName() + ": is no JWK of Ed25519");
        }
        return Optional.empty();
    }

    /**
     * Makes a new key in a file that only its owner may read; one that is there stays.
     *
     * @param file the file; its directory is made where it is absent
     * @throws IOException if it cannot be written
     */
    public static void create(Path file) throws IOException {
        Files.createDirectories(requireNonNull(file.getParent(), "the file must have a directory"));
        if (Files.exists(file)) {
            return;
        }
        String key;
        try {
            key = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519)
                    .toJson(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE);
        } catch (JoseException e) {
            throw new IllegalStateException("this JDK makes no keys of Ed25519", e);
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, key);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Signs.
     *
     * @param payload what is signed
     * @param type says what it is: the header {@code typ}
     * @return a compact JWS (RFC 7515); nothing where there is no key
     */
    public Optional<String> sign(String payload, String type) {
        if (signing == null) {
            return Optional.empty();
        }
        var jws = new JsonWebSignature();
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        jws.setKeyIdHeaderValue(signing.getKeyId());
        jws.setHeader("typ", type);
        jws.setKey(signing.getPrivateKey());
        jws.setPayload(payload);
        try {
            return Optional.of(jws.getCompactSerialization());
        } catch (JoseException e) {
            throw new IllegalStateException("the signing key does not sign", e);
        }
    }

    /** Returns the public parts of all keys as a JWK set. */
    public String jwks() {
        return new JsonWebKeySet(keys).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
    }
}
