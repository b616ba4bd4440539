/** The sample service: rolls dice over HTTP. */
package slipway.dice;
