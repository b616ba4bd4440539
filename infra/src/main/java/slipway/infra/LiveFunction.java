package slipway.infra;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import slipway.config.Setting;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventInvokeConfigOptions;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.destinations.SqsDestination;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/**
 * A function with its own role and log group, behind the alias {@code live}: SnapStart works on
 * published versions only, so everything that calls it calls the alias.
 */
final class LiveFunction extends Construct {
  final Alias alias;

  /**
   * @param code of all functions
   * @param layer with the configuration
   * @param values of the settings that are known; a function gets those that it reads
   */
  record Inputs(FunctionSpec spec, Code code, ILayerVersion layer, Map<Setting, String> values) {}

  LiveFunction(Construct scope, Inputs inputs) {
    super(scope, inputs.spec().id());
    var spec = inputs.spec();
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .retention(RetentionDays.ONE_WEEK)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var role =
        Role.Builder.create(this, "Role")
            .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
            .description("Of " + spec.handler().getName())
            .build();
    role.addToPolicy(
        PolicyStatement.Builder.create()
            .actions(List.of("logs:CreateLogStream", "logs:PutLogEvents"))
            .resources(List.of(logs.getLogGroupArn()))
            .build());
    spec.statements().forEach(role::addToPolicy);
    Nag.keepWildcard(role, "*", Permissions.reason("*")); // tracing takes no resource, either
    spec.statements().stream()
        .flatMap(statement -> statement.getResources().stream())
        .filter(resource -> resource.contains("*") && !resource.equals("*"))
        .distinct()
        .forEach(resource -> Nag.keepWildcard(role, resource, Permissions.reason(resource)));
    var function =
        Function.Builder.create(this, "Function")
            .functionName(spec.name().orElse(null))
            .description(spec.description())
            .runtime(Runtime.JAVA_25)
            .architecture(Architecture.ARM_64)
            .handler(spec.handler().getName())
            .code(inputs.code())
            .layers(List.of(inputs.layer()))
            .memorySize(1024)
            .timeout(spec.timeout())
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .tracing(Tracing.ACTIVE)
            .role(role)
            .logGroup(logs)
            .environment(environment(inputs))
            .build();
    // The alias below is what it asks for.
    Annotations.of(function).acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish");
    alias =
        Alias.Builder.create(this, "Live")
            .aliasName("live")
            .version(function.getCurrentVersion())
            .build();
  }

  /** Where an asynchronous call ends when the function failed it for good. */
  void deadLetters(Queue queue) {
    alias.configureAsyncInvoke(
        EventInvokeConfigOptions.builder()
            .retryAttempts(2)
            .maxEventAge(Duration.hours(6))
            .onFailure(new SqsDestination(queue))
            .build());
  }

  private static Map<String, String> environment(Inputs inputs) {
    var known = new EnumMap<Setting, String>(Setting.class);
    known.putAll(inputs.values());
    var variables = new TreeMap<String, String>();
    for (var setting : inputs.spec().settings())
      if (known.containsKey(setting)) variables.put(setting.name(), known.get(setting));
      else if (setting != Setting.SLIPWAY_GITHUB_TOKEN)
        throw new IllegalStateException(
            inputs.spec().id() + " reads " + setting + ", which the stack does not set");
    // These functions live too briefly for the optimizing compiler to pay.
    variables.put("JAVA_TOOL_OPTIONS", "-XX:+TieredCompilation -XX:TieredStopAtLevel=1");
    return variables;
  }
}
