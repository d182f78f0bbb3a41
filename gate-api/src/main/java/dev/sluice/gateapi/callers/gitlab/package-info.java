/** External status checks and deployment approvals of GitLab. */
@NullMarked
package dev.sluice.gateapi.callers.gitlab;

import org.jspecify.annotations.NullMarked;
