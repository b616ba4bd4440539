/** Secrets Manager. */
package slipway.local.secrets;
