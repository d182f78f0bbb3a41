/** The servers that Sluice carries with it: a Kafka broker in this JVM and a ClickHouse engine in a child JVM. */
@NullMarked
package dev.sluice.embedded;

import org.jspecify.annotations.NullMarked;
