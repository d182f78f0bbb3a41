package dev.sluice.ingestjob.state;

/**
 * The newest that is known of a connection which the API has set up.
 *
 * @param mapping its mapping, as JSON
 * @param offset where it stands in its partition of the control topic
 */
public record KnownConnection(String mapping, long offset) {}
