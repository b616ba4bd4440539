package slipway.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Configs;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/**
 * The CDK app's main: reads slipway.yaml and writes the cloud assembly to where {@code cdk} asks
 * for it (CDK_OUTDIR), else to target/cdk.out. Runs in the folder infra.
 */
public final class Synth {
  /**
   * Behaviour of the CDK that new projects choose. Here and not in cdk.json, so that the template
   * is the same whether {@code cdk} or Maven makes it. Not chosen:
   * aws-ec2:restrictDefaultSecurityGroup, which brings a hidden function of the CDK's own.
   */
  private static final String CONFIGURATION = "slipway.json";

  private static final Map<String, Object> FLAGS =
      Map.of(
          "@aws-cdk/aws-iam:minimizePolicies", true,
          "@aws-cdk/aws-lambda:recognizeLayerVersion", true,
          "@aws-cdk/aws-lambda:recognizeVersionProps", true,
          "@aws-cdk/aws-ecs:arnFormatIncludesClusterName", true,
          "@aws-cdk/aws-events:eventsTargetQueueSameAccount", true,
          "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy", true,
          "@aws-cdk/core:checkSecretUsage", true,
          "@aws-cdk/aws-iam:standardizedServicePrincipals", true);

  private Synth() {}

  /**
   * Synthesizes; ends with 1 and a line for each problem if slipway.yaml is wrong.
   *
   * @param args path of slipway.yaml; none: SLIPWAY_YAML, or slipway.yaml in the working folder
   */
  public static void main(String[] args) {
    var file =
        Path.of(
            args.length > 0
                ? args[0]
                : Optional.ofNullable(System.getenv("SLIPWAY_YAML")).orElse("slipway.yaml"));
    switch (ConfigFile.read(file)) {
      case ConfigFile.Bad(var messages) -> {
        messages.forEach(System.err::println);
        System.exit(1);
      }
      case ConfigFile.Good(var config) ->
          synth(
              config,
              Path.of(Optional.ofNullable(System.getenv("CDK_OUTDIR")).orElse("target/cdk.out")));
    }
  }

  /** The layer's folder is this run's own: two that synthesize at once must not mix. */
  private static void synth(Config config, Path output) {
    try {
      var layer = Files.createTempDirectory("slipway-config-");
      try {
        app(config, output, layer).synth();
      } finally {
        Files.deleteIfExists(layer.resolve(CONFIGURATION));
        Files.deleteIfExists(layer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in java.io.tmpdir", e);
    }
  }

  /**
   * The app, ready to synthesize.
   *
   * @param output folder of the cloud assembly
   * @param layer folder to write the functions' configuration to; becomes their layer
   */
  static App app(Config config, Path output, Path layer) {
    try {
      Files.createDirectories(layer);
      Files.writeString(layer.resolve(CONFIGURATION), Configs.toJson(config));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the functions' configuration to " + layer, e);
    }
    var app =
        new App(
            AppProps.builder()
                .outdir(output.toString())
                .analyticsReporting(false)
                .postCliContext(FLAGS)
                .build());
    new SlipwayStack(
        app, new SlipwayStack.Inputs(config, Path.of("../functions/target/lambda"), layer));
    return app;
  }
}
