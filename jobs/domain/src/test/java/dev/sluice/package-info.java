/** What holds for the whole domain. */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
