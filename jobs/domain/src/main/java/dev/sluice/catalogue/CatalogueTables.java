package dev.sluice.catalogue;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.delivery.Table;

/** What a {@link CatalogueEntry} remembers; the caller keeps it. */
public interface CatalogueTables {
    /** Returns the newest description of the service under the key {@link CatalogueEntry#DESCRIPTION}. */
    Table<String, ServiceDescribed> description();

    /** Returns the newest word on each assignment, by its first day as text, also where it takes the assignment back. */
    Table<String, CatalogueAssigned> assignments();

    /** Returns the environments in which something is known of the service. */
    Table<String, Boolean> environments();
}
