/** JSON documents of any sender, by a mapping that the connection declares. */
@NullMarked
package dev.sluice.sources.json;

import org.jspecify.annotations.NullMarked;
