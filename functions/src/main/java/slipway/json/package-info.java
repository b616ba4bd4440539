/**
 * JSON from the network, read with the place of each value, so that a complaint can name the field.
 */
@NullMarked
package slipway.json;

import org.jspecify.annotations.NullMarked;
