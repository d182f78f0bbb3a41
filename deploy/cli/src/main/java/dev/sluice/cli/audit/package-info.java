/** Whether a written audit log is what it was: no record changed, left out, added or moved. */
@NullMarked
package dev.sluice.cli.audit;

import org.jspecify.annotations.NullMarked;
