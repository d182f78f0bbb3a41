/** What people say against a source: corrections of deployments and incidents. */
@NullMarked
package dev.sluice.sources.corrections;

import org.jspecify.annotations.NullMarked;
