package dev.sluice.gateapi.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretPlacesTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("SLUICE_SECRET_A", "of the variable", "SLUICE_SECRET_BLANK", " ", "PATH", "/bin");

    @TempDir
    Path directory;

    private Path secrets;
    private final List<String> problems = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.createDirectory(secrets.resolve("sub"));
        Files.writeString(secrets.resolve("sub").resolve("key"), "of the file\n");
        Files.writeString(secrets.resolve("empty"), "\n");
        Files.createDirectory(directory.resolve("secrets-of-others"));
        Files.writeString(directory.resolve("secrets-of-others").resolve("key"), "not to be had");
        Files.createSymbolicLink(secrets.resolve("inside"), Path.of("sub", "key"));
        Files.createSymbolicLink(secrets.resolve("up"), directory);
    }

    private @Nullable String ofApi(boolean file, String name) {
        return read(SecretPlaces.ofApi(secrets, ENVIRONMENT), file, name);
    }

    private @Nullable String read(SecretPlaces places, boolean file, String name) {
        return places.read(new SecretReference(file, name), problems::add)
                .map(String::new)
                .orElse(null);
    }

    @Test
    void theApiMayReferToItsVariables_andToFilesBelowTheDirectory() {
        assertThat(ofApi(false, "SLUICE_SECRET_A")).isEqualTo("of the variable");
        assertThat(ofApi(true, "sub/key")).isEqualTo("of the file");
        assertThat(ofApi(true, "sub/../sub/key")).isEqualTo("of the file");
        assertThat(ofApi(true, secrets.resolve("sub/key").toString())).isEqualTo("of the file");
        assertThat(ofApi(true, "inside")).isEqualTo("of the file");
        assertThat(problems).isEmpty();
    }

    @Test
    void aVersionIsAnother_afterTheFileWasWrittenOrReplaced_andElseTheSame() throws Exception {
        SecretPlaces places = SecretPlaces.ofApi(secrets, ENVIRONMENT);
        var reference = new SecretReference(true, "inside");
        Path file = secrets.resolve("sub").resolve("key");
        Optional<SecretVersion> version = places.version(reference);
        assertThat(version).isPresent().isEqualTo(places.version(reference));
        FileTime modified = Files.getLastModifiedTime(file);

        Files.setLastModifiedTime(file, FileTime.fromMillis(modified.toMillis() + 1000));
        assertThat(places.version(reference)).isNotEqualTo(version);
        Files.writeString(file, "another length");
        Files.setLastModifiedTime(file, modified);
        assertThat(places.version(reference)).isNotEqualTo(version);

        Path next = Files.writeString(secrets.resolve("next"), "OF THE FILE\n");
        Files.setLastModifiedTime(next, modified);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(places.version(reference)).isPresent().isNotEqualTo(version);
        Files.delete(file);
        assertThat(places.version(reference)).isEmpty();
    }

    @Test
    void aVariableHasNoVersion() {
        assertThat(SecretPlaces.ofApi(secrets, ENVIRONMENT).version(new SecretReference(false, "SLUICE_SECRET_A")))
                .isEmpty();
        assertThat(SecretPlaces.ofApi(null, ENVIRONMENT).version(new SecretReference(true, "key")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "../secrets-of-others/key",
                "../secrets-of-others/nosuch",
                "sub/../../secrets-of-others/key",
                "up/secrets-of-others/key",
                "/etc/passwd",
                "/no/such/file"
            })
    void filesElsewhereAreRefused_whetherTheyAreThereOrNot(String name) {
        assertThat(ofApi(true, name)).isNull();
        assertThat(problems).containsExactly("the file must lie below the directory of secrets");
    }

    @Test
    void whatIsNotThereIsRefusedByName() {
        assertThat(ofApi(false, "PATH")).isNull();
        assertThat(ofApi(false, "SLUICE_SECRET_NONE")).isNull();
        assertThat(ofApi(false, "SLUICE_SECRET_BLANK")).isNull();
        assertThat(ofApi(true, "nosuch")).isNull();
        assertThat(ofApi(true, "sub")).isNull();
        assertThat(ofApi(true, "empty")).isNull();
        assertThat(ofApi(true, "nul\0")).isNull();

        assertThat(problems)
                .containsExactly(
                        "the name of the environment variable must begin with SLUICE_SECRET_",
                        "environment variable SLUICE_SECRET_NONE is not set",
                        "environment variable SLUICE_SECRET_BLANK is not set",
                        "file nosuch cannot be read",
                        "file sub cannot be read",
                        "file empty is empty",
                        "the path of the file cannot be read");
    }

    @Test
    void withoutADirectoryThereIsNoFile() {
        assertThat(read(
                        SecretPlaces.ofApi(null, ENVIRONMENT),
                        true,
                        secrets.resolve("sub/key").toString()))
                .isNull();
        assertThat(problems).containsExactly("no directory of secrets is configured: give secret_env");
    }

    @Test
    void aTenantMayReferToFilesOfItsOwnDirectory_andTheOperatorsTenantToAll() {
        var tenants = new TenantSecrets(secrets, ENVIRONMENT);

        assertThat(read(tenants.of("sub"), true, "key")).isEqualTo("of the file");
        assertThat(read(tenants.of("default"), true, "sub/key")).isEqualTo("of the file");
        assertThat(read(tenants.of("default"), false, "SLUICE_SECRET_A")).isEqualTo("of the variable");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "up", "..", ".", "", "sub/../sub", "/", "../secrets/sub", "su\0b", "default/"})
    void whatIsNoDirectoryOfATenantHasNothing(String tenant) throws Exception {
        Files.writeString(secrets.resolve("key"), "of all");
        SecretPlaces places = new TenantSecrets(secrets, ENVIRONMENT).of(tenant);

        for (String file :
                List.of("key", "../key", "../sub/key", secrets.resolve("key").toString())) {
            assertThat(read(places, true, file)).as(file).isNull();
        }
        assertThat(read(places, false, "SLUICE_SECRET_A")).isNull();
        assertThat(problems).hasSize(5).last().asString().contains("give secret_file");
    }

    @Test
    void theFileOfConnectionsMayReferToAll() {
        SecretPlaces places = SecretPlaces.ofFile(secrets.resolve("connections.yaml"), ENVIRONMENT);

        assertThat(read(places, false, "PATH")).isEqualTo("/bin");
        assertThat(read(places, true, "sub/key")).isEqualTo("of the file");
        assertThat(read(places, true, "../secrets-of-others/key")).isEqualTo("not to be had");
        assertThat(problems).isEmpty();
    }
}
