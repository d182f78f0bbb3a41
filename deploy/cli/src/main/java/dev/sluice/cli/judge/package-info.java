/** Judges two files as a canary and its baseline, without a server. */
@NullMarked
package dev.sluice.cli.judge;

import org.jspecify.annotations.NullMarked;
