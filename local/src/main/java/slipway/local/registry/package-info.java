/** ECR: an OCI registry on loopback, its AWS API and its events. */
package slipway.local.registry;
