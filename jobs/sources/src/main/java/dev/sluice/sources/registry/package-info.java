/** All adapters under the names of their sources. */
@NullMarked
package dev.sluice.sources.registry;

import org.jspecify.annotations.NullMarked;
