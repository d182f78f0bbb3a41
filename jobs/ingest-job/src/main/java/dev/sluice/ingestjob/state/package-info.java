/** Flat records in the state of the job. */
@NullMarked
package dev.sluice.ingestjob.state;

import org.jspecify.annotations.NullMarked;
