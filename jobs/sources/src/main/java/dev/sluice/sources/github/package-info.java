/** Webhooks of GitHub and of GitHub Enterprise Server. */
@NullMarked
package dev.sluice.sources.github;

import org.jspecify.annotations.NullMarked;
