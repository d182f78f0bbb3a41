package dev.sluice.gateapi.egress;

import dev.sluice.gateapi.config.Problems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/** Whose certificates are trusted of those that are sent to: the authorities that Java trusts, and those of a file beside them. */
public final class EgressAuthorities {
    /** Environment variable: a file of certificates that are trusted beside Java's. */
    public static final String FILE = "SLUICE_EGRESS_CA_FILE";

    private final SSLContext context;
    private final List<Certificate> authorities;

    private EgressAuthorities(SSLContext context, List<Certificate> authorities) {
        this.context = context;
        this.authorities = authorities;
    }

    /** Returns those that Java trusts. */
    public static EgressAuthorities ofJava() {
        return new EgressAuthorities(SSLContexts.createSystemDefault(), javas());
    }

    /**
     * Reads a file of certificates.
     *
     * @param file one or more certificates in PEM; null for none
     * @param problems gets what is wrong
     */
    public static EgressAuthorities read(@Nullable Path file, Problems problems) {
        if (file == null) {
            return ofJava();
        }
        try {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (!certificates.isEmpty()) {
                return trusting(
                        Stream.concat(javas().stream(), certificates.stream()).toList());
            }
            problems.add(FILE + " has no certificate: " + file);
        } catch (IOException e) {
            problems.add(FILE + " cannot be read: " + file);
        } catch (GeneralSecurityException e) {
            problems.add(FILE + " must have certificates in PEM: " + file);
        }
        return ofJava();
    }

    /** A context asks one trust manager, so that all are in one store. */
    private static EgressAuthorities trusting(List<Certificate> all) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < all.size(); i++) {
            store.setCertificateEntry("authority-" + i, all.get(i));
        }
        return new EgressAuthorities(
                SSLContexts.custom().loadTrustMaterial(store, null).build(), all);
    }

    private static List<Certificate> javas() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .flatMap(manager -> Stream.<Certificate>of(manager.getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java's own authorities cannot be read", e);
        }
    }

    List<Certificate> authorities() {
        return authorities;
    }

    SSLContext context() {
        return context;
    }
}
