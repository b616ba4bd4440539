package slipway.infra;

import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.json.Malformed;
import software.amazon.awscdk.Environment;

/**
 * Which account and Region a stack is made for: any, unless something has to be looked up there.
 * {@code cdk} says which, if somebody is signed in.
 */
final class Target {
  /** Where {@code local} plays the stack; Maven alone makes it for nowhere else. */
  private static final Environment LOCAL =
      Environment.builder().account("123456789012").region("ap-northeast-1").build();

  private Target() {}

  /**
   * @param variables of this process's environment
   * @throws Malformed if it must be known and is not
   */
  static Optional<Environment> of(Config config, Map<String, String> variables) {
    if (config.existing().vpcId().isEmpty()) return Optional.empty();
    var account = variables.get("CDK_DEFAULT_ACCOUNT");
    var region = variables.get("CDK_DEFAULT_REGION");
    if (account != null && region != null)
      return Optional.of(Environment.builder().account(account).region(region).build());
    // Without cdk nothing is looked up: the CDK makes up a VPC, which is enough to play with.
    if (!variables.containsKey("CDK_OUTDIR")) return Optional.of(LOCAL);
    throw new Malformed(
        "vpcId",
        "is '%s', which is looked up in your account, and cdk knows none: sign in, so that aws sts get-caller-identity answers, and set a Region"
            .formatted(config.existing().vpcId().get()));
  }
}
