/** The Flink job that orders rollbacks and follows them until they are seen, or people must look. */
@NullMarked
package dev.sluice.rollbackjob;

import org.jspecify.annotations.NullMarked;
