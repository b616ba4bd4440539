/**
 * What a user declares in slipway.yaml, as records that cannot be wrong; and what infra tells each
 * function.
 */
@NullMarked
package slipway.config;

import org.jspecify.annotations.NullMarked;
