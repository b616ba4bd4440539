/** S3: buckets as folders. */
package slipway.local.buckets;
