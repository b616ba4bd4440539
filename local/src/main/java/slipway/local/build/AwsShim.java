package slipway.local.build;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecr.EcrClient;

/** The AWS CLI of local's CodeBuild: the login to ECR, as the project's role. */
public final class AwsShim {
  private AwsShim() {}

  /** Prints the password; exit code 254 and the reason on standard error if AWS refuses. */
  public static void main(String[] arguments) {
    var words = List.of(arguments);
    if (words.size() < 2 || !words.subList(0, 2).equals(List.of("ecr", "get-login-password"))) {
      System.err.println("local's aws knows only 'ecr get-login-password', not " + words);
      System.exit(252);
    }
    try (var ecr = EcrClient.create()) {
      var token = ecr.getAuthorizationToken().authorizationData().getFirst().authorizationToken();
      var login = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
      System.out.println(login.substring(login.indexOf(':') + 1));
    } catch (SdkException e) {
      System.err.println(e.getMessage());
      System.exit(254);
    }
  }
}
