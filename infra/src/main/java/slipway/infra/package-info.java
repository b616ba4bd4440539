/**
 * The CDK app: from slipway.yaml to the CloudFormation template, a construct for each concern and a
 * stack that wires them.
 */
package slipway.infra;
