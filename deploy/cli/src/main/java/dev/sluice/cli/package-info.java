/** The commands that people and pipelines type: they speak HTTP to a running Sluice and compute nothing themselves. */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
