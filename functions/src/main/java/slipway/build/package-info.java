/** Builds of images: starting them, and telling how they ended. */
@NullMarked
package slipway.build;

import org.jspecify.annotations.NullMarked;
