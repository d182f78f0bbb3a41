package dev.sluice.gateapi.secrets;

import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where callers of the API may take secrets. Who names a secret can have it sent to a place of their choice, so a tenant may name its own
 * only: the files below the directory of its name. The operator's tenant, {@value #OPERATORS}, may name each file and the variables.
 */
public final class TenantSecrets {
    /** The tenant of who runs Sluice, and of all callers where no tenants are told apart. */
    static final String OPERATORS = "default";

    private static final Pattern DIRECTORY = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    private final @Nullable Path directory;
    private final SecretPlaces operators;

    /**
     * Creates them.
     *
     * @param directory the directory of secrets; null for none
     * @param environment environment variables
     */
    public TenantSecrets(@Nullable Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.operators = SecretPlaces.ofApi(directory, environment);
    }

    /** Returns the places of a tenant; none if its name cannot be that of a directory. */
    public SecretPlaces of(String tenant) {
        if (tenant.equals(OPERATORS)) {
            return operators;
        }
        return SecretPlaces.ofTenant(
                directory != null && DIRECTORY.matcher(tenant).matches() ? directory.resolve(tenant) : null);
    }
}
