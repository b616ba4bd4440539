/** Telling people what happened. */
@NullMarked
package slipway.notice;

import org.jspecify.annotations.NullMarked;
