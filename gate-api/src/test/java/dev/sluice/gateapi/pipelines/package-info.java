/** Runs the files of {@code deploy/pipelines} as the systems that they are for do. */
@NullMarked
package dev.sluice.gateapi.pipelines;

import org.jspecify.annotations.NullMarked;
