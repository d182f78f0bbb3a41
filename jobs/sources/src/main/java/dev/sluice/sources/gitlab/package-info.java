/** Webhooks of GitLab, of gitlab.com and of installations of one's own. */
@NullMarked
package dev.sluice.sources.gitlab;

import org.jspecify.annotations.NullMarked;
