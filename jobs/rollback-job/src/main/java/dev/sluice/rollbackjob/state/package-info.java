/** What travels between the operators of the rollback job, and what they keep: flat public records. */
@NullMarked
package dev.sluice.rollbackjob.state;

import org.jspecify.annotations.NullMarked;
