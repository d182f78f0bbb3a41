/** Custom deployment protection rules of GitHub, and check runs: an app of GitHub's asks a gate and is answered. */
@NullMarked
package dev.sluice.gateapi.callers.github;

import org.jspecify.annotations.NullMarked;
