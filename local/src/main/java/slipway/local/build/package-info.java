/** CodeBuild, and a docker that builds real images without a container engine. */
package slipway.local.build;
