package dev.sluice.dorajob.state;

import dev.sluice.catalogue.ServiceSettings;
import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** {@link ServiceSettings}, flat. */
public record SettingsState(@Nullable String zone, @Nullable Long linkWindowSeconds) {

    /** Returns the flat form. */
    public static SettingsState of(ServiceSettings settings) {
        ZoneId zone = settings.zone();
        Duration linkWindow = settings.linkWindow();
        return new SettingsState(
                zone == null ? null : zone.getId(), linkWindow == null ? null : linkWindow.toSeconds());
    }

    /** Returns the domain's form. */
    public ServiceSettings toDomain() {
        return new ServiceSettings(
                zone == null ? null : ZoneId.of(zone),
                linkWindowSeconds == null ? null : Duration.ofSeconds(linkWindowSeconds));
    }
}
