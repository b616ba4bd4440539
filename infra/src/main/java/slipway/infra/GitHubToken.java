package slipway.infra;

import java.util.List;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;

/**
 * The secret with a GitHub token, which the user makes and this stack only reads.
 *
 * @param arn as the user gave it, or without the six characters that Secrets Manager appends: it
 *     finds the secret either way
 * @param pattern matches its ARN in a policy
 */
record GitHubToken(String arn, String pattern) {

  /** From what slipway.yaml says: a name or an ARN. */
  static GitHubToken of(Stack stack, String nameOrArn) {
    if (nameOrArn.startsWith("arn:")) return new GitHubToken(nameOrArn, nameOrArn);
    var arn =
        stack.formatArn(
            ArnComponents.builder()
                .service("secretsmanager")
                .resource("secret")
                .resourceName(nameOrArn)
                .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                .build());
    return new GitHubToken(arn, arn + "-??????");
  }

  PolicyStatement read() {
    return PolicyStatement.Builder.create()
        .actions(List.of("secretsmanager:GetSecretValue"))
        .resources(List.of(pattern))
        .build();
  }
}
