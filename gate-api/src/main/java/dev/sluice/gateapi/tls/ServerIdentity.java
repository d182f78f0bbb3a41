package dev.sluice.gateapi.tls;

import dev.sluice.gateapi.config.Problems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A certificate with its private key, by which a server proves who it is. They are read once, at the start. */
public final class ServerIdentity {
    private static final String ALIAS = "server";
    private static final char[] NO_PASSWORD = new char[0];
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final KeyStore store;

    private ServerIdentity(KeyStore store) {
        this.store = store;
    }

    /**
     * Reads the files.
     *
     * @param problems is told what is wrong
     * @return nothing if something is
     */
    public static Optional<ServerIdentity> read(TlsFiles files, Problems problems) {
        try {
            Certificate[] chain = chain(files.certificate());
            if (chain.length == 0) {
                problems.add(files.certificate() + ": there is no certificate");
                return Optional.empty();
            }
            PublicKey publicKey = chain[0].getPublicKey();
            PrivateKey key = key(files.key(), publicKey.getAlgorithm());
            if (!belongTogether(key, publicKey)) {
                problems.add(files.key() + ": the key is not that of the first certificate");
                return Optional.empty();
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, NO_PASSWORD, chain);
            return Optional.of(new ServerIdentity(store));
        } catch (IOException | GeneralSecurityException e) {
            problems.add(files.certificate() + " and " + files.key()
                    + ": they must be a certificate in PEM and a private key in PEM after PKCS #8, RSA or EC");
            return Optional.empty();
        }
    }

    private static Certificate[] chain(Path file) throws IOException, GeneralSecurityException {
        Collection<? extends Certificate> chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
        return chain.toArray(Certificate[]::new);
    }

    private static PrivateKey key(Path file, String algorithm) throws IOException, GeneralSecurityException {
        Matcher key = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!key.find()) {
            throw new IOException("no private key after PKCS #8");
        }
        byte[] encoded = Base64.getDecoder().decode(key.group(1).replaceAll("\\s", ""));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        byte[] text = ALIAS.getBytes(StandardCharsets.US_ASCII);
        Signature signature =
                Signature.getInstance(publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(text);
        return signature.verify(signed);
    }

    /**
     * Returns what listens, by nothing but TLS 1.2 and 1.3.
     *
     * @param server for which
     * @param http how it takes requests
     * @param host address to listen on
     * @param port port to listen on
     */
    public Connector connector(Server server, HttpConfiguration http, String host, int port) {
        var tls = new SslContextFactory.Server();
        tls.setKeyStore(store);
        tls.setKeyStorePassword("");
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        var secure = new HttpConfiguration(http);
        // callers in a cluster name the server in ways that its certificate need not know all of; they check it
        // themselves
        secure.addCustomizer(new SecureRequestCustomizer(false));
        var connector = new ServerConnector(
                server, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(secure));
        connector.setHost(host);
        connector.setPort(port);
        return connector;
    }
}
