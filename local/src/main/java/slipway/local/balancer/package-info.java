/** Application load balancers: listeners, target groups with real health checks, draining. */
package slipway.local.balancer;
