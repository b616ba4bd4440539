/** The synthesized template, made into things that run: a small CloudFormation. */
package slipway.local.stack;
