package slipway.config;

/**
 * What infra tells a function by environment variable: names of things that the stack makes. What
 * the user declares is in {@link Config} instead.
 */
public enum Setting {
  /** Path of the configuration document, in a Lambda layer: {@code /opt/slipway.json}. */
  SLIPWAY_CONFIG,
  /** Name of the DynamoDB table. */
  SLIPWAY_TABLE,
  /** ARN of the SNS topic for notifications. */
  SLIPWAY_TOPIC,
  /** Name of the CodeBuild project. */
  SLIPWAY_PROJECT,
  /** ARN of the secret that signs GitHub's webhooks; its value is the secret itself. */
  SLIPWAY_WEBHOOK_SECRET,
  /**
   * ARN or name of the secret with the GitHub token, in CodeBuild's form: {@code
   * {"ServerType":"GITHUB","AuthType":"PERSONAL_ACCESS_TOKEN","Token":"…"}}. Not set: no feedback
   * on commits.
   */
  SLIPWAY_GITHUB_TOKEN,
  /** Base URL of GitHub's REST API, under the name that GitHub's own tools read. */
  GITHUB_API_URL,
  /** URL of the FIFO queue of rollouts. */
  SLIPWAY_ROLLOUT_QUEUE,
  /** URL of the queue of SLO syncs. */
  SLIPWAY_SLO_QUEUE,
  /**
   * How often the queue of SLO syncs hands a message out before it goes to the dead-letter queue.
   */
  SLIPWAY_SLO_ATTEMPTS,
  /** Where each service answers, as JSON: {@code {"dice":"http://…"}}. See {@link Addresses}. */
  SLIPWAY_ADDRESSES,
  /** Name of the bucket for audit reports. */
  SLIPWAY_REPORTS
}
