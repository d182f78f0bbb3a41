/** The API's own description: an OpenAPI document, and the same as a page for people. */
@NullMarked
package dev.sluice.gateapi.document;

import org.jspecify.annotations.NullMarked;
