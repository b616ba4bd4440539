/**
 * GitHub on the loopback interface: a real git server over HTTP that sends signed webhooks and
 * takes commit and deployment statuses.
 */
package slipway.local.github;
