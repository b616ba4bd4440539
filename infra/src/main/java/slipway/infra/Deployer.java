package slipway.infra;

import static slipway.config.Setting.GITHUB_API_URL;
import static slipway.config.Setting.SLIPWAY_ADDRESSES;
import static slipway.config.Setting.SLIPWAY_CONFIG;
import static slipway.config.Setting.SLIPWAY_GITHUB_TOKEN;
import static slipway.config.Setting.SLIPWAY_PROJECT;
import static slipway.config.Setting.SLIPWAY_REPORTS;
import static slipway.config.Setting.SLIPWAY_ROLLOUT_QUEUE;
import static slipway.config.Setting.SLIPWAY_SLO_ATTEMPTS;
import static slipway.config.Setting.SLIPWAY_SLO_QUEUE;
import static slipway.config.Setting.SLIPWAY_TABLE;
import static slipway.config.Setting.SLIPWAY_TOPIC;
import static slipway.config.Setting.SLIPWAY_WEBHOOK_SECRET;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import slipway.audit.AuditFunction;
import slipway.build.BuildFunction;
import slipway.config.Setting;
import slipway.github.SourceFunction;
import slipway.github.WebhookFunction;
import slipway.rollout.FirstReleaseFunction;
import slipway.rollout.OperatorFunction;
import slipway.rollout.RolloutFunction;
import slipway.slo.SloFunction;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.FunctionUrl;
import software.amazon.awscdk.services.lambda.FunctionUrlAuthType;
import software.amazon.awscdk.services.lambda.FunctionUrlOptions;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.sqs.Queue;
import software.constructs.Construct;

/** The functions of the deployer. */
final class Deployer extends Construct {
  private static final Duration SHORT = Duration.seconds(30);

  final LiveFunction webhook;
  final LiveFunction source;
  final LiveFunction build;
  final LiveFunction rollout;
  final LiveFunction firstRelease;
  final LiveFunction operator;
  final LiveFunction slo;
  final LiveFunction audit;
  final FunctionUrl webhookUrl;

  private final Code code;
  private final LayerVersion layer;
  private final Map<Setting, String> values;

  /**
   * @param stack first part of names
   * @param code folder with classes and libraries
   * @param layer folder with the configuration, slipway.json
   * @param values of the settings
   * @param deadEvents where asynchronous calls end that failed for good
   */
  record Inputs(
      String stack,
      Path code,
      Path layer,
      Map<Setting, String> values,
      Permissions permissions,
      Queue deadEvents) {}

  Deployer(Construct scope, Inputs inputs) {
    super(scope, "Deployer");
    code = Code.fromAsset(inputs.code().toString());
    layer =
        LayerVersion.Builder.create(this, "Configuration")
            .description("slipway.yaml as the functions read it")
            .code(Code.fromAsset(inputs.layer().toString()))
            .compatibleRuntimes(List.of(Runtime.JAVA_25))
            .compatibleArchitectures(List.of(Architecture.ARM_64))
            .build();
    values = inputs.values();
    var may = inputs.permissions();
    webhook =
        function(
            new FunctionSpec(
                WebhookFunction.class,
                "Takes GitHub's webhook and starts builds",
                Set.of(SLIPWAY_CONFIG, SLIPWAY_TABLE, SLIPWAY_PROJECT, SLIPWAY_WEBHOOK_SECRET),
                Duration.seconds(10), // GitHub waits no longer
                may.webhook()));
    source =
        function(
            new FunctionSpec(
                SourceFunction.class,
                "Builds pushes whose webhook was lost",
                Set.of(
                    SLIPWAY_CONFIG,
                    SLIPWAY_TABLE,
                    SLIPWAY_PROJECT,
                    GITHUB_API_URL,
                    SLIPWAY_GITHUB_TOKEN),
                Duration.minutes(5), // one branch after the other
                may.source()));
    build =
        function(
            new FunctionSpec(
                BuildFunction.class,
                "Tells GitHub and people how a build went",
                Set.of(
                    SLIPWAY_CONFIG,
                    SLIPWAY_TABLE,
                    SLIPWAY_TOPIC,
                    GITHUB_API_URL,
                    SLIPWAY_GITHUB_TOKEN),
                SHORT,
                may.build()));
    rollout =
        function(
            new FunctionSpec(
                RolloutFunction.class,
                "Brings a service to what should run, and sees how that ends",
                Set.of(
                    SLIPWAY_CONFIG,
                    SLIPWAY_TABLE,
                    SLIPWAY_TOPIC,
                    SLIPWAY_SLO_QUEUE,
                    SLIPWAY_ADDRESSES,
                    GITHUB_API_URL,
                    SLIPWAY_GITHUB_TOKEN),
                SHORT,
                may.rollout()));
    firstRelease =
        function(
            new FunctionSpec(
                FirstReleaseFunction.class,
                "Builds and registers the first revision when the stack is made",
                Set.of(SLIPWAY_CONFIG, SLIPWAY_TABLE, SLIPWAY_PROJECT, SLIPWAY_ROLLOUT_QUEUE),
                SHORT,
                may.firstRelease()));
    operator =
        function(
            new FunctionSpec(
                    OperatorFunction.class,
                    "Status, history, pin, rollback and freeze, for people",
                    Set.of(SLIPWAY_CONFIG, SLIPWAY_TABLE, SLIPWAY_ROLLOUT_QUEUE),
                    SHORT,
                    may.operator())
                .named(inputs.stack() + "-operator"));
    slo =
        function(
            new FunctionSpec(
                SloFunction.class,
                "Makes the SLOs in Application Signals what slipway.yaml says",
                Set.of(SLIPWAY_CONFIG, SLIPWAY_SLO_ATTEMPTS, SLIPWAY_TOPIC),
                SHORT,
                may.slo()));
    audit =
        function(
            new FunctionSpec(
                AuditFunction.class,
                "Reports error budgets and drift, and has it mended",
                Set.of(
                    SLIPWAY_CONFIG,
                    SLIPWAY_TABLE,
                    SLIPWAY_TOPIC,
                    SLIPWAY_REPORTS,
                    SLIPWAY_SLO_QUEUE,
                    SLIPWAY_ROLLOUT_QUEUE),
                Duration.minutes(5), // of thousands of SLOs; goes on from the queue
                may.audit()));
    for (var function : List.of(source, build, firstRelease, audit))
      function.deadLetters(inputs.deadEvents());
    webhookUrl =
        webhook.alias.addFunctionUrl(
            FunctionUrlOptions.builder().authType(FunctionUrlAuthType.NONE).build());
  }

  /** All of them, as a push meets them. */
  List<LiveFunction> all() {
    return List.of(webhook, source, build, rollout, firstRelease, slo, audit, operator);
  }

  private LiveFunction function(FunctionSpec spec) {
    return new LiveFunction(this, new LiveFunction.Inputs(spec, code, layer, values));
  }
}
