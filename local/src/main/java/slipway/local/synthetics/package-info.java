/** CloudWatch Synthetics: the stack's canaries, which run their own scripts on Node. */
package slipway.local.synthetics;
