package slipway.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.json.Malformed;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Environment;

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
      case ConfigFile.Good(var config) -> {
        try {
          synth(
              config,
              Target.of(config, System.getenv()),
              Path.of(Optional.ofNullable(System.getenv("CDK_OUTDIR")).orElse("target/cdk.out")));
        } catch (Malformed problem) {
          System.err.println(complaint(file, problem));
          System.exit(1);
        }
      }
    }
  }

  private static String complaint(Path file, Malformed problem) {
    try {
      return ConfigFile.complaint(file, problem);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " again", e);
    }
  }

  /** The layer's folder is this run's own: two that synthesize at once must not mix. */
  private static void synth(Config config, Optional<Environment> target, Path output) {
    try {
      var layer = Files.createTempDirectory("slipway-config-");
      try {
        app(config, target, Map.of(), output, layer).synth();
      } finally {
        Files.deleteIfExists(layer.resolve(CONFIGURATION));
        Files.deleteIfExists(layer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in java.io.tmpdir", e);
    }
  }

  /** The app of a stack that may go anywhere, ready to synthesize. */
  static App app(Config config, Path output, Path layer) {
    return app(config, Optional.empty(), Map.of(), output, layer);
  }

  /**
   * The app, ready to synthesize.
   *
   * @param target account and Region, if the stack is made for them
   * @param context what was looked up there, beside what {@code cdk} brings
   * @param output folder of the cloud assembly
   * @param layer folder to write the functions' configuration to; becomes their layer
   */
  static App app(
      Config config,
      Optional<Environment> target,
      Map<String, Object> context,
      Path output,
      Path layer) {
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
                .context(context)
                .postCliContext(FLAGS)
                .build());
    new SlipwayStack(
        app, new SlipwayStack.Inputs(config, Path.of("../functions/target/lambda"), layer, target));
    return app;
  }
}
