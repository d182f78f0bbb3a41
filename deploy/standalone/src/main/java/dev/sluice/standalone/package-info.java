/** Sluice in one process: a Kafka broker, the Flink jobs, the gate API, and ClickHouse as a child process. */
@NullMarked
package dev.sluice.standalone;

import org.jspecify.annotations.NullMarked;
