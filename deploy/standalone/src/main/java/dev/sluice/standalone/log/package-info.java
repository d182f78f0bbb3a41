/** How the log is written, so that what others have sent cannot be taken for what Sluice says. */
@NullMarked
package dev.sluice.standalone.log;

import org.jspecify.annotations.NullMarked;
