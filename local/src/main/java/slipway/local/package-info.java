/** An AWS account with the stack in it, and a GitHub with the repository in it, on this machine. */
package slipway.local;
