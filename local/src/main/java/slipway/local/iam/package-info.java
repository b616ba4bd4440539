/** Roles and policies of the template, and what they allow. */
package slipway.local.iam;
