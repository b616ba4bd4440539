/**
 * Telemetry, played from OTLP to objectives: the sidecars that take it, what is measured from
 * server spans, and Application Signals' API on those measurements.
 */
package slipway.local.signals;
