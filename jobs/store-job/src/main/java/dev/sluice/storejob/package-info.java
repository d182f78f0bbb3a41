/** The job that follows every topic and keeps ClickHouse up to date; the only writer of the store. */
@NullMarked
package dev.sluice.storejob;

import org.jspecify.annotations.NullMarked;
