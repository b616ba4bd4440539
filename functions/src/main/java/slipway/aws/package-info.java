/** AWS clients, built the one way that starts fast. */
@NullMarked
package slipway.aws;

import org.jspecify.annotations.NullMarked;
