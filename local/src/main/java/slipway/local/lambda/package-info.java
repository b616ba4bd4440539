/**
 * Lambda: functions as child JVMs on AWS's own runtime interface client, their URLs, and what
 * invokes them.
 */
package slipway.local.lambda;
