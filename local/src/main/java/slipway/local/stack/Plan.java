package slipway.local.stack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import slipway.local.cloud.Pace;

/**
 * What a {@link LocalStack} runs.
 *
 * @param assembly the CDK's output folder, such as {@code infra/target/cdk.out}
 * @param stack name of the stack in it
 * @param environment values for functions' environment variables that point out of AWS, such as
 *     {@code GITHUB_API_URL}; only where the template sets the variable
 * @param secrets that a user makes beside the stack, by name
 * @param logs folder for logs that people read; made if missing, and left when all else is gone
 * @param pieces of AWS that plug in
 * @param progress told of each resource that is made or fails
 * @param beforehand what a person does by hand before the stack is deployed
 */
public record Plan(
    Path assembly,
    String stack,
    Pace pace,
    Map<String, String> environment,
    Map<String, String> secrets,
    Path logs,
    List<Piece> pieces,
    Consumer<Progress> progress,
    Consumer<LocalStack> beforehand) {

  /** Of a stack in an account where nothing is yet. */
  public Plan(
      Path assembly,
      String stack,
      Pace pace,
      Map<String, String> environment,
      Map<String, String> secrets,
      Path logs,
      List<Piece> pieces,
      Consumer<Progress> progress) {
    this(assembly, stack, pace, environment, secrets, logs, pieces, progress, _ -> {});
  }

  public Plan {
    environment = Map.copyOf(environment);
    secrets = Map.copyOf(secrets);
    pieces = List.copyOf(pieces);
  }

  /** Names only: values are secret. */
  @Override
  public String toString() {
    return "stack " + stack + " of " + assembly;
  }
}
