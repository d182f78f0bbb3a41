package dev.sluice.gateapi.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.config.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityTest {
    @TempDir
    Path folder;

    private TlsFiles files;

    @BeforeEach
    void name() {
        files = new TlsFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"));
    }

    private void write(String certificate, String key) throws IOException {
        Files.writeString(files.certificate(), certificate);
        Files.writeString(files.key(), key);
    }

    private String problem() {
        var problems = new Problems();
        assertThat(ServerIdentity.read(files, problems)).isEmpty();
        assertThat(problems.all()).hasSize(1);
        return problems.all().get(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCertificateWithItsKeyIsRead_ofRsaAndOfEc(boolean rsa) throws IOException {
        var builder = new HeldCertificate.Builder().commonName("sluice");
        HeldCertificate held = (rsa ? builder.rsa2048() : builder.ecdsa256()).build();
        write(held.certificatePem(), held.privateKeyPkcs8Pem());
        var problems = new Problems();

        assertThat(ServerIdentity.read(files, problems)).isPresent();
        assertThat(problems.all()).isEmpty();
    }

    @Test
    void aKeyOfAnotherCertificateIsTold() throws IOException {
        HeldCertificate held = new HeldCertificate.Builder().build();
        write(held.certificatePem(), new HeldCertificate.Builder().build().privateKeyPkcs8Pem());

        assertThat(problem()).endsWith("the key is not that of the first certificate");
    }

    @Test
    void whatIsNeitherIsTold_withoutWhatIsInIt() throws IOException {
        HeldCertificate rsa = new HeldCertificate.Builder().rsa2048().build();
        assertThat(problem()).contains("must be a certificate in PEM");
        write(rsa.certificatePem(), rsa.privateKeyPkcs1Pem());
        assertThat(problem()).contains("after PKCS #8").doesNotContain("BEGIN");
        write("", rsa.privateKeyPkcs8Pem());
        assertThat(problem()).contains("there is no certificate");
        write("secret", rsa.privateKeyPkcs8Pem());
        assertThat(problem()).doesNotContain("secret");
        write(rsa.certificatePem(), new HeldCertificate.Builder().build().privateKeyPkcs8Pem());
        assertThat(problem()).contains("RSA or EC");
    }
}
