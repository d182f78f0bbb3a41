package dev.sluice.gateapi.http;

import java.util.concurrent.CompletableFuture;

/** How far a replica has read what was set up, so that another one can be asked for no less. */
public interface ReadPosition {
    /** Returns how far this replica has read; empty if it has read nothing. */
    String now();

    /**
     * Returns when this replica has read as far as a position says.
     *
     * @throws ApiException 400 if it is none
     */
    CompletableFuture<Void> reached(String position);
}
