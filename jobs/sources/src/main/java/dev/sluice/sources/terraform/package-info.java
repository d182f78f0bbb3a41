/** What the Terraform command line says of plans and applies. */
@NullMarked
package dev.sluice.sources.terraform;

import org.jspecify.annotations.NullMarked;
