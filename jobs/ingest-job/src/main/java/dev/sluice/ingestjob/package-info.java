/** The job that works out what a raw delivery means: deduplicate, adapt, write events or say why not. */
@NullMarked
package dev.sluice.ingestjob;

import org.jspecify.annotations.NullMarked;
