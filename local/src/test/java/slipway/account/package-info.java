/**
 * What must come true wherever Slipway is deployed, and how it is deployed to an account to see it.
 * The end-to-end tests play the same scenarios on one machine.
 */
package slipway.account;
