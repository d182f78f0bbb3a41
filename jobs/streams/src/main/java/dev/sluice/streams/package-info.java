/** What the jobs share at their Kafka ends: records in and out, heartbeats as watermarks, progress. */
@NullMarked
package dev.sluice.streams;

import org.jspecify.annotations.NullMarked;
