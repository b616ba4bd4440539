package slipway.github;

import java.util.Optional;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** The webhook secret in Secrets Manager: its text is the secret itself. */
final class StoredSecret implements WebhookSecret.Source {
  private final SecretsManagerClient secrets;
  private final String secret;

  StoredSecret(SecretsManagerClient secrets, String secret) {
    this.secrets = secrets;
    this.secret = secret;
  }

  @Override
  public WebhookSecret.Versions read() {
    var current = secrets.getSecretValue(r -> r.secretId(secret).versionStage("AWSCURRENT"));
    if (current.secretString() == null)
      throw new IllegalStateException(secret + " holds binary data: store the secret as text");
    return new WebhookSecret.Versions(
        current.secretString(), Optional.ofNullable(current.createdDate()), previous());
  }

  /** A secret that was never rotated has no such version. */
  private Optional<String> previous() {
    try {
      var previous = secrets.getSecretValue(r -> r.secretId(secret).versionStage("AWSPREVIOUS"));
      return Optional.ofNullable(previous.secretString());
    } catch (ResourceNotFoundException _) {
      return Optional.empty();
    }
  }
}
