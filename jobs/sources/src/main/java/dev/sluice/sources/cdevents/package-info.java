/** CDEvents in CloudEvents, the form in which any tool can tell Sluice of a deployment. */
@NullMarked
package dev.sluice.sources.cdevents;

import org.jspecify.annotations.NullMarked;
