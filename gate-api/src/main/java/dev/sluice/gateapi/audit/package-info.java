/** The audit log: a chain over all its records, who was first in it, and what leaves it for others to keep. */
@NullMarked
package dev.sluice.gateapi.audit;

import org.jspecify.annotations.NullMarked;
