/** SNS: topics whose messages are kept for people to read. */
package slipway.local.topics;
