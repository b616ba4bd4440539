/**
 * What the containers of a task are told about telemetry, and the well-known mistakes in it. Calls
 * no AWS service.
 */
@NullMarked
package slipway.telemetry;

import org.jspecify.annotations.NullMarked;
