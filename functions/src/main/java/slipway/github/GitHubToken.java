package slipway.github;

import org.jspecify.annotations.Nullable;
import slipway.json.Json;
import slipway.json.Malformed;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The token for GitHub's API in Secrets Manager, in CodeBuild's JSON form, read when first needed
 * and again after GitHub refused it.
 */
final class GitHubToken {
  private final SecretsManagerClient secrets;
  private final String secret;
  private volatile @Nullable String known;

  GitHubToken(SecretsManagerClient secrets, String secret) {
    this.secrets = secrets;
    this.secret = secret;
  }

  String get() {
    var token = known;
    if (token == null) {
      token = read();
      known = token;
    }
    return token;
  }

  /** The next {@link #get} reads it again. */
  void forget() {
    known = null;
  }

  private String read() {
    var text = secrets.getSecretValue(r -> r.secretId(secret)).secretString();
    try {
      if (text != null && !Json.parse(text).at("Token").text().isBlank())
        return Json.parse(text).at("Token").text().strip();
    } catch (Malformed _) {
      // Its message and cause quote the text, which is the secret: neither may go on.
    }
    throw new GitHubFailed(
        """
        secret %s does not hold {"ServerType":"GITHUB","AuthType":"PERSONAL_ACCESS_TOKEN","Token":"…"}: \
        store it in this form\
        """
            .formatted(secret));
  }
}
