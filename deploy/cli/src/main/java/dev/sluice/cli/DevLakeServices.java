package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which service each of DevLake's scopes is. */
final class DevLakeServices {
    private final Map<String, String> names;
    private final Map<String, String> chosen;

    /**
     * Gives each scope of an export its service: the chosen one, else the scope's own name, else its id.
     *
     * @param chosen services by scope
     * @throws CommandFailedException if there is no such scope
     */
    DevLakeServices(DevLakeExport export, Map<String, String> chosen) {
        var scopes = new TreeSet<String>();
        export.deployments().forEach(row -> scopes.add(row.scope()));
        export.deploymentCommits().forEach(row -> scopes.add(row.scope()));
        var all = new TreeSet<>(scopes);
        export.incidents().stream()
                .map(DevLakeExport.IncidentRow::scope)
                .filter(scope -> !scope.isEmpty())
                .forEach(all::add);
        for (String scope : chosen.keySet()) {
            if (!all.contains(scope)) {
                throw new CommandFailedException(
                        "no row is of the scope %s; there are %s".formatted(scope, String.join(", ", all)));
            }
        }
        var named = new TreeMap<String, String>();
        for (String scope : scopes) {
            String own = export.scopeNames().getOrDefault(scope, scope);
            named.put(scope, chosen.getOrDefault(scope, own));
        }
        this.names = Map.copyOf(named);
        this.chosen = Map.copyOf(chosen);
    }

    /** Returns the services that are deployed, by name. */
    List<String> all() {
        return new ArrayList<>(new TreeSet<>(names.values()));
    }

    /** Returns the service of a scope that deploys. */
    String of(String scope) {
        return names.getOrDefault(scope, scope);
    }

    /** Returns the service that suffered: that of the incident's scope, else the only one; null if nothing tells. */
    @Nullable
    String of(DevLakeExport.IncidentRow incident) {
        String named = chosen.getOrDefault(incident.scope(), names.get(incident.scope()));
        if (named != null) {
            return named;
        }
        List<String> services = all();
        return services.size() == 1 ? services.get(0) : null;
    }
}
