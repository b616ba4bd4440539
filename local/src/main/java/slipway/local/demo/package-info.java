/**
 * What a user would do, told on the terminal: push, watch, push something broken, watch it come
 * back.
 */
package slipway.local.demo;
