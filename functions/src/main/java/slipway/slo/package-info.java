/** SLOs in CloudWatch Application Signals, kept as declared. */
@NullMarked
package slipway.slo;

import org.jspecify.annotations.NullMarked;
