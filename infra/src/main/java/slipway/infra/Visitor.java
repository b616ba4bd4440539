package slipway.infra;

import static slipway.infra.Sorted.sorted;

import java.util.List;
import java.util.Map;
import slipway.config.Canary;
import slipway.config.Service;
import slipway.json.Json;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.synthetics.ArtifactsBucketLocation;
import software.amazon.awscdk.services.synthetics.Code;
import software.amazon.awscdk.services.synthetics.CustomTestOptions;
import software.amazon.awscdk.services.synthetics.Runtime;
import software.amazon.awscdk.services.synthetics.Schedule;
import software.amazon.awscdk.services.synthetics.Test;
import software.constructs.Construct;

/**
 * A Synthetics canary that calls a service now and then. Traffic of its own is also what lets
 * Application Signals discover the service, so that its SLOs can be made before anyone else calls.
 */
final class Visitor extends Construct {
  /** Calls each path, one after the other; a step fails on anything but 200. */
  private static final String SCRIPT =
      """
      const synthetics = require('Synthetics');
      const { URL } = require('url');

      exports.handler = async () => {
        for (const path of JSON.parse(process.env.PATHS)) {
          const url = new URL(path, process.env.BASE);
          await synthetics.executeHttpStep('GET ' + path, {
            hostname: url.hostname,
            port: url.port || 80,
            protocol: url.protocol,
            path: url.pathname + url.search,
            method: 'GET',
          });
        }
      };
      """;

  /**
   * @param address of the load balancer, such as {@code http://…}
   */
  record Inputs(String stack, Service service, Canary canary, String address, Bucket artifacts) {}

  Visitor(Construct scope, Inputs inputs) {
    super(scope, "Visitor");
    var name = inputs.stack() + "-" + inputs.service().name();
    var prefix = State.CANARY_PREFIX + inputs.service().name();
    software.amazon.awscdk.services.synthetics.Canary.Builder.create(this, "Canary")
        .canaryName(name)
        .runtime(Runtime.SYNTHETICS_NODEJS_PUPPETEER_9_1)
        .schedule(Schedule.rate(Duration.minutes(inputs.canary().every().toMinutes())))
        .test(
            Test.custom(
                CustomTestOptions.builder()
                    .code(Code.fromInline(SCRIPT))
                    .handler("index.handler")
                    .build()))
        .environmentVariables(
            sorted(
                Map.of(
                    "BASE",
                    inputs.address(),
                    "PATHS",
                    Json.write(
                        List.of(inputs.service().health(), inputs.canary().path()).stream()
                            .distinct()
                            .toList()))))
        .activeTracing(true)
        .role(role(inputs, prefix))
        .artifactsBucketLocation(
            ArtifactsBucketLocation.builder().bucket(inputs.artifacts()).prefix(prefix).build())
        .provisionedResourceCleanup(true)
        .startAfterCreation(true)
        .build();
  }

  /** What AWS's guide gives a canary, for its own bucket prefix and log groups only. */
  private Role role(Inputs inputs, String prefix) {
    var stack = Stack.of(this);
    var role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .build();
    role.addToPolicy(
        allow(
            List.of(inputs.artifacts().arnForObjects(prefix + "/*")),
            "s3:PutObject",
            "s3:GetObject"));
    role.addToPolicy(allow(List.of(inputs.artifacts().getBucketArn()), "s3:GetBucketLocation"));
    role.addToPolicy(
        allow(
            List.of(
                stack.formatArn(
                    ArnComponents.builder()
                        .service("logs")
                        .resource("log-group")
                        .resourceName(
                            "/aws/lambda/cwsyn-"
                                + inputs.stack()
                                + "-"
                                + inputs.service().name()
                                + "-*")
                        .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                        .build())),
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:PutLogEvents"));
    // None of these takes a resource.
    role.addToPolicy(allow(List.of("*"), "s3:ListAllMyBuckets", "xray:PutTraceSegments"));
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("cloudwatch:PutMetricData"))
            .resources(List.of("*"))
            .conditions(
                Map.of("StringEquals", Map.of("cloudwatch:namespace", "CloudWatchSynthetics")))
            .build());
    Nag.keepWildcard(role, prefix + "/*", "It names its own screenshots and logs.");
    Nag.keepWildcard(role, "-*", "Synthetics makes the end of its function's name.");
    Nag.keepWildcard(role, "*", "Only for actions that take no resource.");
    return role;
  }

  private static PolicyStatement allow(List<String> resources, String... actions) {
    return PolicyStatement.Builder.create().actions(List.of(actions)).resources(resources).build();
  }
}
