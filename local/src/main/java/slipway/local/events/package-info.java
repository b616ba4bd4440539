/** EventBridge: the bus, rules matched by AWS's own engine, and schedules. */
package slipway.local.events;
