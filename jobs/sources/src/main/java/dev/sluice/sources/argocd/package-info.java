/** Notifications of Argo CD. */
@NullMarked
package dev.sluice.sources.argocd;

import org.jspecify.annotations.NullMarked;
