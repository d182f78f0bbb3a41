/** What each source system says, understood: pure functions from a raw delivery to delivery events. */
@NullMarked
package dev.sluice.sources;

import org.jspecify.annotations.NullMarked;
