/** DynamoDB: AWS's own DynamoDB Local behind the front door. */
package slipway.local.tables;
