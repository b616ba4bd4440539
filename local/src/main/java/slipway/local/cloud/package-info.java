/**
 * The loopback AWS: one endpoint for every service, each call known by its caller and checked
 * against IAM.
 */
package slipway.local.cloud;
