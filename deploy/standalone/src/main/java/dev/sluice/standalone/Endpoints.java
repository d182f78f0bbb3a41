package dev.sluice.standalone;

import java.net.URI;
import java.time.Instant;

/**
 * Where a Sluice that is ready answers; {@code endpoints.json} in the data directory.
 *
 * @param pid the process
 * @param url the gate API
 * @param kafka Kafka's bootstrap servers
 * @param clickhouse the HTTP interface of ClickHouse
 * @param readyAt when it became ready
 */
record Endpoints(long pid, URI url, String kafka, URI clickhouse, Instant readyAt) {}
