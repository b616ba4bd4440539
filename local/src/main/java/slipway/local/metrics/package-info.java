/**
 * CloudWatch, played: metrics in minutes of AWS, metric math on them, and alarms that watch it and
 * speak to the event bus and to topics.
 */
package slipway.local.metrics;
