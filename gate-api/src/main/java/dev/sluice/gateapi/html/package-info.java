/** Pages of HTML without scripts: every text escaped, one style sheet inside of the page, nothing from elsewhere. */
@NullMarked
package dev.sluice.gateapi.html;

import org.jspecify.annotations.NullMarked;
