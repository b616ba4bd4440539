package slipway.infra;

import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.elasticloadbalancingv2.ApplicationLoadBalancer;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * Who called: a line for each request to a load balancer, and to the bucket of reports. Kept for a
 * month; so a bucket that outlives the stack, as full ones do, empties itself.
 */
final class AccessLogs extends Construct {
  /** Prefix of what S3 itself writes about the bucket of reports. */
  static final String REPORTS = "reports/";

  private static final String BALANCERS = "balancers";

  final Bucket bucket;

  AccessLogs(Construct scope) {
    super(scope, "AccessLogs");
    bucket =
        Bucket.Builder.create(this, "Bucket")
            .encryption(BucketEncryption.S3_MANAGED) // load balancers write with no other
            .enforceSsl(true)
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder().id("a-month").expiration(Duration.days(30)).build()))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    bucket.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("LoadBalancersWrite")
            .principals(
                List.of(new ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")))
            .actions(List.of("s3:PutObject"))
            .resources(
                List.of(
                    bucket.arnForObjects(
                        BALANCERS + "/*/AWSLogs/" + Stack.of(this).getAccount() + "/*")))
            .build());
    Nag.keep(bucket, "AwsSolutions-S1", "It is where access logs go.");
  }

  /**
   * Has a load balancer write here. Not by the CDK's own method, which wants to know the Region for
   * a policy that load balancers no longer need.
   *
   * @param name of the service behind it
   * @see <a
   *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html">Access
   *     logs of an Application Load Balancer</a>
   */
  void of(ApplicationLoadBalancer balancer, String name) {
    balancer.setAttribute("access_logs.s3.enabled", "true");
    balancer.setAttribute("access_logs.s3.bucket", bucket.getBucketName());
    balancer.setAttribute("access_logs.s3.prefix", BALANCERS + "/" + name);
    // A load balancer tries whether it may write before it exists.
    balancer.getNode().addDependency(bucket.getPolicy());
  }
}
