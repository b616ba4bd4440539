package slipway.infra;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/** What the deployer remembers, reports and keeps secret. */
final class State extends Construct {
  /** Prefix of the canaries' screenshots and logs in the bucket of reports. */
  static final String CANARY_PREFIX = "canary/";

  final Table table;
  final Bucket reports;
  final Secret webhookSecret;

  /**
   * @param logs where it is written who reads reports
   */
  record Inputs(AccessLogs logs) {}

  State(Construct scope, Inputs inputs) {
    super(scope, "State");
    // AWS stays the source of truth, so the table may go with the stack; reports may not.
    table =
        Table.Builder.create(this, "Table")
            .partitionKey(key("pk"))
            .sortKey(key("sk"))
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .pointInTimeRecoverySpecification(
                PointInTimeRecoverySpecification.builder().pointInTimeRecoveryEnabled(true).build())
            .timeToLiveAttribute("expires")
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    reports =
        Bucket.Builder.create(this, "Reports")
            .encryption(BucketEncryption.S3_MANAGED)
            .enforceSsl(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("canary-artifacts")
                        .prefix(CANARY_PREFIX)
                        .expiration(Duration.days(30))
                        .build(),
                    // What an audit goes on from is written anew by each, so only the copies of its
                    // reports come of age.
                    LifecycleRule.builder()
                        .id("audit-reports")
                        .prefix("audits/")
                        .expiration(Duration.days(400))
                        .build(),
                    LifecycleRule.builder()
                        .id("unfinished-uploads")
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
            .serverAccessLogsBucket(inputs.logs().bucket)
            .serverAccessLogsPrefix(AccessLogs.REPORTS)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    webhookSecret =
        Secret.Builder.create(this, "WebhookSecret")
            .description("Signs GitHub's webhooks to Slipway; give it to the webhook's settings")
            .generateSecretString(
                SecretStringGenerator.builder().passwordLength(48).excludePunctuation(true).build())
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    Nag.keep(
        webhookSecret,
        "AwsSolutions-SMG4",
        "GitHub must be told, too, so a person rotates it; the previous one counts for a day.");
  }

  private static Attribute key(String name) {
    return Attribute.builder().name(name).type(AttributeType.STRING).build();
  }
}
