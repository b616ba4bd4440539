/** Users of a service: requests at a rate, counted and timed as those who send them see them. */
package slipway.local.load;
