/** SLOs in CloudWatch Application Signals: kept as declared, and audited on a schedule. */
@NullMarked
package slipway.slo;

import org.jspecify.annotations.NullMarked;
