/** What people and pipelines say of releases: freezes, approvals, validations, artifacts, rollback drills; and what gates make of it. */
@NullMarked
package dev.sluice.gateapi.governance;

import org.jspecify.annotations.NullMarked;
