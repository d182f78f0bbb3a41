/** Appending to and reading from Kafka within time limits. */
@NullMarked
package dev.sluice.gateapi.kafka;

import org.jspecify.annotations.NullMarked;
