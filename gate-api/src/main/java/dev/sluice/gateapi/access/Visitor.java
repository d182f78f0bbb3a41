package dev.sluice.gateapi.access;

import org.jspecify.annotations.Nullable;

/**
 * Who looks at a page.
 *
 * @param principal who
 * @param formToken what the forms of the page must carry; null where no browser could send them by itself, since a header has the token
 * @param signedIn whether they have signed in, and so can sign out
 */
public record Visitor(Principal principal, @Nullable String formToken, boolean signedIn) {}
