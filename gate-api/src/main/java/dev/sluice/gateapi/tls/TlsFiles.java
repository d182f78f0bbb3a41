package dev.sluice.gateapi.tls;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * The files of a server that listens by TLS.
 *
 * @param certificate its certificate and those that it was issued by, in PEM
 * @param key its private key, in PEM after PKCS #8
 */
public record TlsFiles(Path certificate, Path key) {
    public TlsFiles {
        requireNonNull(certificate, "certificate");
        requireNonNull(key, "key");
    }
}
